import { type ErrorCode, GatewayError } from '../model/errors.ts';
import { isTame } from './tame.ts';

type Segment<Path extends string> = Path extends `${infer Head}/${infer Tail}`
  ? Head | Segment<Tail>
  : Path;
type Optional<Path extends string> =
  Segment<Path> extends infer One ? (One extends `:${infer Name}?` ? Name : never) : never;
type Present<Path extends string> =
  Segment<Path> extends infer One
    ? One extends `:${string}?`
      ? never
      : One extends `:${infer Name}`
        ? Name
        : never
    : never;

/** The parameters of a path such as `/calls/:id`, decoded; those that end in `?` may be missing. */
export type PathParams<Path extends string> = { readonly [Name in Present<Path>]: string } & {
  readonly [Name in Optional<Path>]?: string | undefined;
};

/** As which code each parameter of a path is refused when it is malformed. */
export type RefusedAs<Path extends string> = {
  readonly [Name in Present<Path> | Optional<Path>]: ErrorCode;
};

type Groups = Readonly<Record<string, string | undefined>>;

/** Decodes each parameter exactly once: `URLPattern` leaves them as they were sent. */
export function decodeParams(
  groups: Groups,
  refusedAs: Readonly<Record<string, ErrorCode>>,
): Groups {
  const decoded = Object.entries(groups).map(([name, sent]) => {
    if (sent === undefined) return [name, undefined];
    const text = decodeName(sent);
    if (text !== null) return [name, text];
    throw new GatewayError(refusedAs[name] ?? 'BAD_INPUT', `\`${name}\` in the path is malformed.`);
  });
  return Object.fromEntries(decoded);
}

/** A segment of a path as the name that it stands for; null of what is none. */
export function decodeName(sent: string): string | null {
  try {
    const text = decodeURIComponent(sent);
    return isTame(text) ? text : null;
  } catch {
    return null; // a percent sign that begins no UTF-8
  }
}
