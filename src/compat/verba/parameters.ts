import { GatewayError } from '../../model/errors.ts';
import type { LegacyRequest } from '../legacy-request.ts';
import { isTame } from '../tame.ts';

/** Every value of a parameter: the query's, else the form's. */
export function valuesOf({ query, form }: LegacyRequest, name: string): readonly string[] {
  const values = query.getAll(name);
  return values.length > 0 ? values : form.getAll(name);
}

/** The one value of a parameter, or undefined. Empty or repeated it is refused: to guess might delete another call. */
export function parameterOf(request: LegacyRequest, name: string): string | undefined {
  const [value, another] = valuesOf(request, name);
  if (value === undefined) return undefined;
  if (another !== undefined)
    throw new GatewayError('BAD_INPUT', `${name} is given more than once.`);
  if (value === '') throw new GatewayError('BAD_INPUT', `${name} is empty.`);
  if (!isTame(value)) throw new GatewayError('BAD_INPUT', `${name} is malformed, or not in UTF-8.`);
  return value;
}

/** The action as it was sent; undefined when it was not, or more than once. */
export function actionOf(request: LegacyRequest): string | undefined {
  const [action, another] = valuesOf(request, 'action');
  return another === undefined ? action || undefined : undefined;
}
