import type { LegacyRequest } from '../legacy-request.ts';

/** A resource, which has its address. */
type Resource = { readonly uri?: string } & Readonly<Record<string, unknown>>;

/** An answer that all went well. */
export const success = (content: object = {}) => Response.json({ statusCode: 0, ...content });

/** The beginning of absolute URIs, as the client named this server. */
export const baseOf = (url: string) => `${new URL(url).origin}/api/v2`;

/** A collection: addresses alone, or with `fields` the resources with all or some of their attributes. */
export function collection(
  request: LegacyRequest,
  name: string,
  resources: readonly Resource[],
): Response {
  const fields = listed(request, 'fields');
  if (fields === null) return success({ uris: resources.flatMap(({ uri }) => uri ?? []) });
  return success({ [name]: resources.map((resource) => picked(resource, fields)) });
}

/** One resource, with all its attributes unless `fields` says which; and what `subresources` asks for besides. */
export const single = (
  request: LegacyRequest,
  name: string,
  resource: Resource,
  subresources: object = {},
) =>
  success({ [name]: { ...picked(resource, listed(request, 'fields') ?? ['*']), ...subresources } });

/** What a query lists between commas, by one parameter or by several of that name; null when that is nothing. */
export function listed({ query }: LegacyRequest, parameter: string): readonly string[] | null {
  const names = query.getAll(parameter).flatMap((list) => list.split(','));
  const asked = names.map((name) => name.trim()).filter((name) => name !== '');
  return asked.length === 0 ? null : asked;
}

function picked(resource: Resource, fields: readonly string[]): object {
  if (fields.includes('*')) return resource;
  return Object.fromEntries(Object.entries(resource).filter(([key]) => fields.includes(key)));
}
