import type { Audience } from './audience.ts';
import type { SubscriberPlan } from './plan.ts';
import { LINES, type Tenant } from './scene.ts';
import { type Stage, type Subscriber, subscribe } from './subscriber.ts';

/** A subscriber, and what it is to hear. */
export interface Followed {
  readonly subscriber: Subscriber;
  readonly audience: Audience;
  /** Whose tokens it uses. */
  readonly owner: { readonly userId: string; readonly organizationId: string };
  readonly plan: SubscriberPlan;
}

/** What a filter of the plan may have. */
interface Wishes {
  readonly lines?: readonly (typeof LINES)[number][];
  readonly calls?: readonly number[];
  readonly kinds?: readonly string[];
  readonly states?: readonly string[];
}

/** Lets a subscriber of the plan follow, as somebody of its organization. */
export function follow(
  stage: Stage,
  tenants: readonly Tenant[],
  plan: SubscriberPlan,
  index: number,
): Followed {
  const tenant = tenants[plan.organization];
  if (!tenant) throw new Error('The plan names an organization that is not there.');
  const { organization, tokens, calls } = tenant;
  const { lines, calls: picks, kinds, states }: Wishes = plan.filter;
  // What one does not see cannot be named.
  const seen = lines?.filter((line) => plan.who !== 'alice' || line !== 'boss');
  const named = seen?.length === 0 ? LINES.slice(0, 1) : seen;
  const numbers = named?.map((line) => organization.numbers[line]);
  const callIds = picks?.map((pick) => calls[pick % calls.length]?.id ?? '');
  const rest = { ...(callIds && { callIds }), ...(kinds && { kinds }), ...(states && { states }) };
  const { userId } = organization.principal(plan.who);
  const audience = {
    ...(plan.who !== 'admin' && { organizationId: organization.id }),
    ...(plan.who === 'alice' && { ownerId: userId }),
    ...(numbers && {
      extensionIds: numbers.map((one) => organization.extensionIds.get(one) ?? ''),
    }),
    ...rest,
  };
  const filter = { ...(numbers && { extensions: numbers }), ...rest };
  const role = { plan, transport: index, token: tokens[plan.who], filter };
  const owner = { userId, organizationId: organization.id };
  return { subscriber: subscribe(stage, role), audience, owner, plan };
}
