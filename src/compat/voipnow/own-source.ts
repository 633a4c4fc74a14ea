import { GatewayError } from '../../model/errors.ts';
import type { ExtensionKind } from '../../model/extension.ts';
import type { Execute } from '../dialect.ts';
import { graphql } from '../graphql.ts';

const NamedExtension = graphql(`
  query VoipnowNamedExtension($owner: String, $number: String!) {
    extension(owner: $owner, number: $number) { number shortNumber kind }
    # Refuses a user that there is not; above, none is an extension that there is not.
    extensions(owner: $owner, first: 1) { nodes { id } }
  }
`);

/** The extension that a Create names, and what may stand in its view for it. */
interface Named {
  readonly owner: string;
  readonly extension: string;
  readonly kind: ExtensionKind;
  readonly source: readonly string[];
}

/** Refuses a source that is not the extension itself, in one form or the other, with this message. */
export async function requireOwnSource(
  execute: Execute,
  { owner, extension, kind, source }: Named,
  message: string,
): Promise<void> {
  if (source.every((number) => number === extension)) return;
  const { extension: found } = await execute(NamedExtension, { owner, number: extension });
  if (!found) throw new GatewayError('EXTENSION_NOT_FOUND');
  if (found.kind !== kind) throw new GatewayError('EXTENSION_TYPE_NOT_ALLOWED');
  const forms = [found.number, found.shortNumber];
  if (source.every((number) => forms.includes(number))) return;
  throw new GatewayError('NOT_SUPPORTED', message);
}
