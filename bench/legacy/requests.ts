import type { Database } from '../../src/store/database.ts';
import type { Ask } from '../client.ts';
import { each } from '../lanes.ts';
import type { Asked } from '../load.ts';
import { callIdOf, numberOf, TOKEN } from '../population.ts';
import { API_KEY, BUSY, rulesOf } from './stock.ts';

/** One request: as Tandem's clients send it, and the one parameter of the limit's statement. */
export interface Legacy {
  readonly asked: Asked;
  readonly parameter: string;
}

/** Makes requests, each of something else. */
export interface Kind {
  /** Gets so many things ready that requests use up; outside of what is measured. */
  prepare?(count: number): Promise<void>;
  next(): Legacy;
}

/** As VoipNow and Genesys write a uuid. */
const bare = (id: string) => id.replaceAll('-', '');

/** Seldom the same twice in a row: a prime. */
const STRIDE = 7_907;

const PLACE = `mutation Place($extension: String!) {
  placeCall(input: { extension: $extension, to: "+40722000999" }) { call { id } } }`;

/** Calls that are being placed at once. */
const AT_ONCE = 8;

/** VoipNow's list and the four deletions; what is deleted is gone, for the limit, too, so all take from one stock. */
export async function kindsOf(
  database: Database,
  ask: Ask,
  calls: number,
): Promise<Readonly<Record<string, Kind>>> {
  const rules = await rulesOf(database);
  const live: string[] = [];
  const count = numbers();
  const nextCall = () => callIdOf((count() * STRIDE) % calls);
  return {
    list: { next: () => list(numberOf(count() % BUSY)) },
    'hang-up': {
      prepare: async (most) => {
        const extensions = Array.from({ length: most }, (_, n) => numberOf(BUSY + n));
        await each(extensions, AT_ONCE, async (extension) => {
          const answer = JSON.parse(await ask(PLACE, { extension }));
          live.push(answer.data.placeCall.call.id);
        });
      },
      next: () => hangUp(takeFrom(live)),
    },
    'phone call event': {
      next: () => {
        const { id, type, extension } = takeFrom(rules);
        const path = `/uapi/extensions/@me/${extension}/phoneCallEvents/${type}/${id}`;
        return { asked: { method: 'DELETE', path, body: '', expects: id }, parameter: id };
      },
    },
    'user data': { next: () => deleteUserData(nextCall()) },
    call: { next: () => deleteCall(nextCall()) },
  };
}

function numbers() {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}

function takeFrom<Thing>(stock: Thing[]): Thing {
  const thing = stock.pop();
  if (thing === undefined) throw new Error('There is nothing left to delete.');
  return thing;
}

const list = (extension: string): Legacy => ({
  asked: { method: 'GET', path: `/uapi/phoneCalls/@me/${extension}`, body: '', expects: '"00"' },
  parameter: extension,
});

const hangUp = (id: string): Legacy => ({
  asked: {
    ...{ method: 'DELETE', path: `/uapi/phoneCalls/@me/@self/${bare(id)}`, body: '' },
    expects: bare(id),
  },
  parameter: id,
});

const deleteUserData = (id: string): Legacy => ({
  asked: {
    ...{ method: 'POST', path: `/api/v2/me/calls/${bare(id).toUpperCase()}` },
    body: JSON.stringify({ operationName: 'DeleteUserData' }),
    expects: '"statusCode":0',
  },
  parameter: id,
});

const deleteCall = (id: string): Legacy => ({
  asked: {
    method: 'GET',
    path: `/verba/api?action=DeleteCall&apiKey=${API_KEY}&token=${TOKEN}&responseType=XML&callID=${id}`,
    ...{ body: '', expects: 'code="0"' },
  },
  parameter: id,
});
