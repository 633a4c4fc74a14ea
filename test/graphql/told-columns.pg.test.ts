import { sql } from 'drizzle-orm';
import { getNamedType, isLeafType, isObjectType, parse } from 'graphql';
import { expect, test } from 'vitest';
import type { ChangeMessage } from '../../src/feed/feed.ts';
import { createLog } from '../../src/feed/log.ts';
import { schema } from '../../src/graphql/schema.ts';
import { logChange } from '../../src/operations/log-change.ts';
import { createExecutor } from '../../src/server/execute.ts';
import { consultAlone } from '../operations/consultation-scene.ts';
import { eachLab, type LabScene } from '../support/each-lab.ts';

let scene: LabScene;
eachLab((laid) => {
  scene = laid;
});

/** As deep as the owner of a participant's extension. */
const DEEPEST = 3;

/** Each field of a type that has no arguments, alone, down to its leaves; `duration` is another each second. */
function selectionsOf(typeName: string, depth = 0): string[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type) || depth > DEEPEST) return [];
  return Object.values(type.getFields()).flatMap(({ name, type: given, args }) => {
    if (args.length > 0 || name === 'duration') return [];
    const inner = getNamedType(given);
    if (isLeafType(inner)) return [name];
    return selectionsOf(inner.name, depth + 1).map((below) => `${name} { ${below} }`);
  });
}

/** What the log says of each of these calls as it is now; each has a name in another system. */
async function told(ids: readonly string[]): Promise<ChangeMessage[]> {
  const { database, lab } = scene;
  const log = createLog(database);
  for (const id of ids) {
    await database.transaction(async (tx) => {
      await tx.rows(sql`insert into call_identifiers (organization_id, scheme, value, call_id)
        values (${lab.organization.id}::uuid, 'NATIVE', ${`name of ${id}`}, ${id}::uuid)`);
      await logChange(tx, id, ['STATE']);
    });
  }
  const { entries } = await log.after(await log.before(1000));
  return ids.flatMap(
    (id) => entries.findLast(({ message }) => message.change.callId === id)?.message ?? [],
  );
}

const run = createExecutor(schema);

/** The data of an operation on a message that is told, or on nothing. */
async function found(text: string, rootValue?: ChangeMessage) {
  const contextValue = scene.lab.as('alice');
  const asked = { schema, contextValue, rootValue, document: parse(text), variableValues: {} };
  const { data, errors } = await run(asked);
  if (errors?.[0]) throw errors[0];
  return Object.values(data ?? {})[0];
}

test('each field of a call is told as it is found, alone and with all others', async () => {
  const selections = selectionsOf('Call');
  const all = selections.join(' ');
  const { callId, consultationId } = await consultAlone(scene.lab);
  const messages = await told([callId, consultationId]);
  const cases = messages.flatMap((message) =>
    [...selections, all].map((selection) => ({ message, id: message.change.callId, selection })),
  );

  const results = await Promise.all(
    cases.map(({ message, selection }) =>
      found(
        `subscription { callChanges { ... on CallChanged { call { ${selection} } } } }`,
        message,
      ),
    ),
  );

  const asked = await Promise.all(
    cases.map(async ({ id, selection }) => ({
      call: await found(`{ call(id: "${id}") { ${selection} } }`),
    })),
  );
  expect(results).toEqual(asked);
  expect(messages).toHaveLength(2);
  expect(results).toContainEqual({ call: { identifiers: [{ value: `name of ${callId}` }] } });
  expect(selections).toContain('participants { extension { owner { username } } }');
});
