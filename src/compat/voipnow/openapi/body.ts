import { z } from 'zod';
import type { Route } from '../../dialect.ts';
import { docsOf } from './docs.ts';

/** A body's schema; where several rows share a path, the row's name is its `action`. */
export function bodyOf(route: Route): object | undefined {
  const { body, summary } = docsOf(route);
  if (!body) return undefined;
  const { operation } = route;
  const shape =
    operation === undefined ? body : z.object({ action: z.literal(operation) }).extend(body.shape);
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    ...{ io: 'input', unrepresentable: 'any' },
    override: ({ jsonSchema }) => orAlone(jsonSchema),
  });
  return { title: operation ?? summary, ...schema };
}

/** A list of exactly one is taken without the list, too. */
function orAlone(schema: z.core.JSONSchema.BaseSchema): void {
  const { type, items, minItems, maxItems } = schema;
  if (type !== 'array' || maxItems !== 1 || typeof items !== 'object' || Array.isArray(items)) {
    return;
  }
  for (const name of ['type', 'items', 'minItems', 'maxItems'] as const) delete schema[name];
  schema.anyOf = [{ type, items, ...(minItems !== undefined && { minItems }), maxItems }, items];
}
