import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { FeedMessage } from '../../feed/feed.ts';
import type { Context } from '../../operations/context.ts';
import type { Executor } from '../execute.ts';
import { answerVariables } from './answer-variables.ts';
import { createReadings } from './readings.ts';

/** Texts for readers that come back at the same time and catch up on the same changes. */
const MOST_KEPT = 16_000_000;

/** How a group of subscribers is told: whoever would get the same answer shares it. */
export interface Rendering {
  /** The result that a message becomes, as JSON; a promise when the document asks for more than it carries. */
  textOf(message: FeedMessage): string | Promise<string>;
  /** The same, for whoever is told at the same time as all others whom it concerns: it is kept for nobody else. */
  textNow(message: FeedMessage): string | Promise<string>;
}

type Args = ExecutionArgs & { readonly contextValue: Context };

/** The rendering of an operation's group, for as long as it is held. */
export type Renderings = (args: Args) => Rendering & Disposable;

interface Group extends Rendering {
  members: number;
}

/** Executes each message once for all subscribers with the same document, variables and visibility. */
export function createRenderings(
  run: Executor,
  toWire: (error: unknown) => GraphQLError,
): Renderings {
  const groups = new Map<string, Group>();
  const kept = new LRUCache<string, string>({
    maxSize: MOST_KEPT,
    sizeCalculation: (text) => text.length,
  });
  const readings = createReadings();

  const write = ({ data, errors }: ExecutionResult) =>
    JSON.stringify(errors ? { data, errors: errors.map(toWire) } : { data });

  const readingOf = (read: ExecutionResult) => ({ text: write(read), isWhole: !read.errors });

  function createGroup(first: Args): Group {
    const args = withoutMember(first);
    const number = numberOf(args);
    let last: FeedMessage | undefined;
    let lastText = '';
    /** Whether the document asks for more than its messages carry. */
    let reads = false;
    // Not by position: what is erased from a change makes it another message at the same place.
    const nameOf = (message: FeedMessage) => `${numberOf(message)} ${number}`;
    const render = (message: FeedMessage) => {
      const result = run({ ...args, rootValue: message });
      if (!(result instanceof Promise)) return write(result);
      reads = true;
      return readings.share(nameOf(message), result.then(readingOf));
    };
    const share = (message: FeedMessage) => {
      const name = nameOf(message);
      const known = kept.get(name) ?? readings.get(name);
      if (known !== undefined) return known;
      const text = render(message);
      if (typeof text === 'string' && message.type === 'CHANGE') kept.set(name, text);
      return text;
    };
    const withLast = (message: FeedMessage, make: typeof render) => {
      if (message === last) return lastText;
      const text = make(message);
      // For a lone subscriber it is hardly needed again, and kept for each of thousands it would grow old.
      if (typeof text !== 'string' || group.members < 2) return text;
      last = message;
      lastText = text;
      return text;
    };
    const group = {
      members: 0,
      // What is read is asked for twice: as it comes, and when it is there.
      textNow: (message: FeedMessage) => withLast(message, reads ? share : render),
      // And of what a lone subscriber gets nothing is asked for again.
      textOf: (message: FeedMessage) =>
        withLast(message, reads || group.members > 1 ? share : render),
    };
    return group;
  }

  return (args) => {
    const key = keyOf(args);
    const group = groups.get(key) ?? createGroup(args);
    groups.set(key, group);
    group.members += 1;
    return {
      textNow: group.textNow,
      textOf: group.textOf,
      [Symbol.dispose]: () => {
        group.members -= 1;
        if (group.members === 0) groups.delete(key);
      },
    };
  };
}

/** No reader's end is that of a group. */
const NEVER = new AbortController().signal;

/** What executing needs: a group outlives its first member, whose connection it must not keep. */
function withoutMember({ schema, document, operationName, variableValues, contextValue }: Args) {
  const { database, feed, switches, confirmMs } = contextValue;
  const { principal, visibility, dialect, requestId } = contextValue;
  const services = { database, feed, switches, confirmMs };
  const shared = { ...services, principal, visibility, dialect, requestId, signal: NEVER };
  return { schema, document, operationName, variableValues, contextValue: shared };
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** A short name for an object as long as it lives. */
function numberOf(object: object): number {
  const number = numbers.get(object) ?? ++lastNumber;
  numbers.set(object, number);
  return number;
}

/** Everything that an answer depends on, besides the message. */
function keyOf({ document, operationName, variableValues, contextValue }: Args): string {
  const { visibility, principal } = contextValue;
  const given = variableValues ?? {};
  // A variable that is not given is not one that is null: it has its default.
  const variables = answerVariables(document)
    .filter((name) => Object.hasOwn(given, name))
    .map((name) => [name, given[name]]);
  return JSON.stringify([
    // Parsed documents are cached: the same text is nearly always the same object.
    numberOf(document),
    operationName ?? null,
    variables,
    visibility,
    principal.scopes,
  ]);
}
