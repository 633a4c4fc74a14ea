import type { Dialect, Route } from './dialect.ts';
import type { LegacyRequest } from './legacy-request.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** A route, and the parts of the path that its pattern has matched, as they were sent. */
export interface Found {
  readonly route: Route;
  readonly groups: Readonly<Record<string, string | undefined>>;
}

/** Finds the first route, in table order, that a request's path, method and operation agree with. */
export function createRouter({ bases, routes, operationOf }: Dialect) {
  const table = routes.flatMap((route) =>
    bases.map((base) => ({
      route,
      pattern: new URLPattern({ pathname: `${base}${route.path}{/}?` }),
    })),
  );

  return (url: string, request: LegacyRequest): Found | Refusal => {
    const here = table.flatMap(({ route, pattern }) => {
      const match = route.methods.includes(request.method) ? pattern.exec(url) : null;
      return match ? [{ route, groups: match.pathname.groups }] : [];
    });
    const [first] = here;
    if (!first) return refusalOf('NO_ROUTE');
    if (first.route.operation === undefined) return first;
    const operation = operationOf?.(request);
    if (operation === undefined) return refusalOf('OPERATION_MISSING');
    const named = here.find(({ route }) => route.operation === operation);
    return named ?? refusalOf('OPERATION_UNKNOWN');
  };
}
