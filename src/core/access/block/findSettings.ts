import type { CancelSignal } from '../../../base/cancel.ts';
import { Limiter } from '../../../base/limiter.ts';
import type { Customer, Estate, Subscription, Workspace } from '../../../model/estate.ts';
import { ENTRA_SCOPE } from '../../../ports/baseline.ts';
import type { BaselinePort } from '../../../ports/baseline.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { OffboardPort } from '../../../ports/onboarding.ts';
import { distinctIssuers, sightOf } from '../../assess/measure/sight.ts';
import { issuerOf } from '../../estate/path.ts';
import { subscriptionIssuer } from '../../estate/subscriptionIssuer.ts';
import { SENDING_TYPES } from './sendingTypes.ts';

/** Lists of Resource Manager at a time: so it stays below the 25 a second by which a subscription's quota is filled. */
const AT_ONCE = 4;

/** What is asked about diagnostic settings. */
export interface SettingsWorld {
  readonly offboard: Pick<OffboardPort, 'diagnosticSettings'>;
  readonly resources: Pick<BaselinePort, 'resourcesOf'>;
}

/** A customer with what of it is in the estate. */
export interface SettingsOwner {
  readonly estate: Estate;
  readonly customer: Customer;
  readonly workspaces: readonly Workspace[];
  readonly subscriptions: readonly Subscription[];
}

/** Does a piece of work; where it fails, that is told, and costs this alone. */
export interface Trying {
  tryTo(what: string, work: () => Promise<void>): Promise<void>;
}

/** One place whose diagnostic settings are read. */
interface Place {
  readonly scope: string;
  readonly called: string;
  readonly issuer: Issuer;
}

/** A diagnostic setting that sends to a workspace. */
export interface FoundSetting {
  readonly armId: string;
  readonly name: string;
  readonly called: string;
  readonly issuer: Issuer;
  /** ARM id, lower case. */
  readonly workspace: string;
}

/**
 * Diagnostic settings that send to a workspace: of the customer's subscriptions and workspaces, of its resources of
 * kinds that have logs, and of its Microsoft Entra ID where a token of its own tenant reads that. What fails is noted.
 */
export async function findSettings(
  owner: SettingsOwner,
  world: SettingsWorld,
  notes: Trying,
  signal: CancelSignal,
): Promise<readonly FoundSetting[]> {
  const found: FoundSetting[] = [];
  const limiter = new Limiter(AT_ONCE);
  await Promise.all(
    (await placesOf(owner, world, notes, signal)).map(({ scope, called, issuer }) =>
      notes.tryTo(`diagnostic settings of ${called}`, () =>
        limiter.run(async () => {
          for (const { armId, name, workspace } of await world.offboard.diagnosticSettings(issuer, scope, signal))
            if (workspace !== undefined)
              found.push({ armId, name, called, issuer, workspace: workspace.toLowerCase() });
        }, signal),
      ),
    ),
  );
  return found.sort((a, b) => a.armId.localeCompare(b.armId));
}

async function placesOf(
  { estate, customer, workspaces, subscriptions }: SettingsOwner,
  { resources }: SettingsWorld,
  notes: Trying,
  signal: CancelSignal,
): Promise<readonly Place[]> {
  const issuers = new Map(subscriptions.map((one) => [one.id as string, subscriptionIssuer(one)]));
  const places = new Map<string, Place>();
  const put = (place: Place): void => {
    if (!places.has(place.scope.toLowerCase())) places.set(place.scope.toLowerCase(), place);
  };
  for (const { id, name } of subscriptions)
    put({ scope: `/subscriptions/${id}`, called: `subscription ${name}`, issuer: issuers.get(id)! });
  for (const one of workspaces) put({ scope: one.armId, called: `workspace ${one.name}`, issuer: issuerOf(one) });
  const tenants = estate.tenants.filter((one) => one.customer === customer.key);
  const sight = sightOf(estate, tenants, workspaces);
  for (const issuer of distinctIssuers([...sight.values()].flat()))
    await notes.tryTo(`resources of ${customer.name}`, async () => {
      const { value } = await resources.resourcesOf(issuer, SENDING_TYPES, signal);
      for (const one of tenants.flatMap(({ id }) => value.get(id) ?? []))
        put({ scope: one.id, called: one.name, issuer: issuers.get(one.subscription) ?? issuer });
    });
  // Those of a directory are shown to nobody from outside of it.
  for (const { id, name } of tenants) {
    const issuer = sight.get(id)?.find((one) => one.tenant === id);
    if (issuer) put({ scope: ENTRA_SCOPE, called: `Microsoft Entra ID of ${name}`, issuer });
  }
  return [...places.values()];
}
