import type { Database } from '../../src/store/database.ts';
import { type Asked, openConnection, type Target } from '../load.ts';
import { callIdOf, numberOf, TOKEN } from '../population.ts';
import { API_KEY, BUSY, liveCallsOf, type Rule, rulesOf } from './stock.ts';

/** Makes requests, each of something else. */
export interface Kind {
  /** Gets so many things ready that Tandem's requests use up; outside of what is measured. */
  prepare?(count: number): Promise<void>;
  /** As Tandem's clients send it. */
  asked(): Asked;
  /** The one parameter of the limit's statement. */
  parameter(): string;
}

/** As VoipNow and Genesys write a uuid. */
const bare = (id: string) => id.replaceAll('-', '');

/** Seldom the same twice in a row: a prime. */
const STRIDE = 7_907;

const PLACE = `mutation Place($extension: String!) {
  placeCall(input: { extension: $extension, to: "+40722000999" }) { call { id } } }`;

/** Calls that are being placed at once. */
const AT_ONCE = 8;

/** VoipNow's list and the four deletions; what is deleted is gone, for the limit, too, so both take from one stock. */
export async function kindsOf(
  database: Database,
  target: Target,
  calls: number,
): Promise<Readonly<Record<string, Kind>>> {
  const rules = await rulesOf(database);
  const withData = await liveCallsOf(database);
  const live: string[] = [];
  const count = numbers();
  const nextCall = () => callIdOf((count() * STRIDE) % calls);
  const nextBusy = () => numberOf(count() % BUSY);
  return {
    list: { asked: () => list(nextBusy()), parameter: nextBusy },
    'hang-up': {
      prepare: async (most) => {
        live.push(...(await placed(target, most)));
      },
      asked: () => hangUp(takeFrom(live)),
      // To its statement it is the same whether the call has ended before, and the switch would list it for ever.
      parameter: nextCall,
    },
    'phone call event': {
      asked: () => deleteRule(takeFrom(rules)),
      parameter: () => takeFrom(rules).id,
    },
    'user data': { asked: () => deleteUserData(takeFrom(withData)), parameter: nextCall },
    call: { asked: () => deleteCall(nextCall()), parameter: nextCall },
  };
}

/** Places so many calls, and gives their ids. */
async function placed(target: Target, most: number): Promise<string[]> {
  const left = Array.from({ length: most }, (_, n) => numberOf(BUSY + n));
  const ids: string[] = [];
  const lane = async () => {
    using connection = await openConnection(target);
    for (let extension = left.pop(); extension !== undefined; extension = left.pop()) {
      const body = JSON.stringify({ query: PLACE, variables: { extension } });
      const answer = JSON.parse((await connection.ask(body)).toString());
      ids.push(answer.data.placeCall.call.id);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return ids;
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

const list = (extension: string): Asked => ({
  ...{ method: 'GET', path: `/uapi/phoneCalls/@me/${extension}`, body: '' },
  expects: '"00"',
});

const hangUp = (id: string): Asked => ({
  ...{ method: 'DELETE', path: `/uapi/phoneCalls/@me/@self/${bare(id)}`, body: '' },
  expects: bare(id),
});

const deleteRule = ({ id, type, extension }: Rule): Asked => ({
  ...{ method: 'DELETE', body: '', expects: id },
  path: `/uapi/extensions/@me/${extension}/phoneCallEvents/${type}/${id}`,
});

const deleteUserData = (id: string): Asked => ({
  ...{ method: 'POST', path: `/api/v2/me/calls/${bare(id).toUpperCase()}` },
  body: JSON.stringify({ operationName: 'DeleteUserData' }),
  expects: '"statusCode":0',
});

const deleteCall = (id: string): Asked => ({
  method: 'GET',
  path: `/verba/api?action=DeleteCall&apiKey=${API_KEY}&token=${TOKEN}&responseType=XML&callID=${id}`,
  ...{ body: '', expects: 'code="0"' },
});
