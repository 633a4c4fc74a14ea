import { randomUUID } from 'node:crypto';
import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstream,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import { erases } from '../erased.ts';
import type { Position } from '../position.ts';
import {
  allSubjects,
  decodeTold,
  encodeTold,
  headSubject,
  streamOf,
  subjectOf,
  type Told,
} from './told.ts';

const TIMEOUT_MS = 2000;
const KEPT_MS = 180_000;
const KEPT_BYTES = 64 * 1024 * 1024;
/** What NATS counts to a message beside its payload. */
const HEADERS_BYTES = 1024;

/** The stream, as its one writer sees it. */
export interface Stream {
  /** Up to where a relay has told the log here; null when none has lately. */
  readonly from: Position | null;
  /**
   * Tells, and takes out what is erased by it. Leaves out what is too large for NATS: readers miss it, and read it
   * from the log. Rejects, for good, when it is uncertain what was told, or when somebody else has told something.
   */
  tell(told: readonly Told[]): Promise<void>;
}

/** Opens the stream of one life of the database; makes it when it is not there. */
export async function openStream(connection: NatsConnection, epoch: string): Promise<Stream> {
  const js = jetstream(connection, { timeout: TIMEOUT_MS });
  const manager = await js.jetstreamManager(false);
  const name = streamOf(epoch);
  const { state } = await infoOf(manager, epoch);
  const lastHead = await manager.streams.getMessage(name, { last_by_subj: headSubject(epoch) });
  const writer = randomUUID();
  let sequence = state.last_seq;
  let lastMsgID: string | undefined;

  /** Sequences alone are not enough: after a refused message, a later one might fit by chance. */
  const publish = (subject: string, payload: string) => {
    const lastSequence = sequence;
    const expect = lastMsgID ? { lastSequence, lastMsgID } : { lastSequence };
    sequence += 1;
    lastMsgID = `${writer} ${sequence}`;
    return js.publish(subject, payload, { msgID: lastMsgID, expect, timeout: TIMEOUT_MS });
  };

  return {
    from: lastHead && decodeTold(lastHead.string()).at,
    async tell(told) {
      const erased = new Map<string, number>();
      const longest = (connection.info?.max_payload ?? 0) - HEADERS_BYTES;
      const acknowledged: Promise<unknown>[] = [];
      for (const one of told) {
        const payload = encodeTold(one);
        const subject = subjectOf(one);
        if (one.change && erases(one.change)) erased.set(subject, sequence + 1);
        if (Buffer.byteLength(payload) <= longest) acknowledged.push(publish(subject, payload));
      }
      await Promise.all(acknowledged);
      for (const [filter, seq] of erased) await manager.streams.purge(name, { filter, seq });
    },
  };
}

/** JetStream's code for a last message that is another's; its client has no name for it. */
const WRONG_LAST_MESSAGE = 10070;

/** Whether somebody else has told something meanwhile, as happens when one relay takes over from another. */
export const isOvertaken = (error: unknown): boolean =>
  error instanceof JetStreamApiError &&
  (error.code === JetStreamApiCodes.StreamWrongLastSequence || error.code === WRONG_LAST_MESSAGE);

const isMissing = (error: unknown) =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;

async function infoOf({ streams }: JetStreamManager, epoch: string) {
  try {
    // Whoever looks after NATS may have changed its settings: they stay.
    return await streams.info(streamOf(epoch));
  } catch (error) {
    if (!isMissing(error)) throw error;
    return await streams.add({
      name: streamOf(epoch),
      subjects: [allSubjects(epoch)],
      // What is erased must not live on in the blocks of a file.
      storage: StorageType.Memory,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(KEPT_MS),
      max_bytes: KEPT_BYTES,
      duplicate_window: nanos(1000),
    });
  }
}
