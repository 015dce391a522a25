import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { Customer, Estate, Subscription, Workspace } from '../../model/estate.ts';
import type { Plan } from '../../model/plan.ts';
import type { SavedQuery } from '../../model/savedQuery.ts';
import type { DirectoryPort } from '../../ports/directory.ts';
import { issuerKey } from '../../ports/issuer.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { OffboardPort, OnboardingFolder } from '../../ports/onboarding.ts';
import { planSheet } from '../changes/planSheet.ts';
import type { ChangeService } from '../changes/changeService.ts';
import type { Intent } from '../changes/changeHandler.ts';
import type { Draft } from '../changes/makePlan.ts';
import { issuerOf, comparePaths } from '../estate/path.ts';
import type { EstateService } from '../estate/estateService.ts';
import { whose, whoseText } from '../provision/whose.ts';
import { wantDelegationEnd } from './delegationHandler.ts';
import { farewellText } from './farewell.ts';
import { wantRemoval } from './removalHandler.ts';

/** What letting a customer go stands on. */
export interface OffboardWorld {
  readonly estate: Pick<EstateService, 'load'>;
  readonly changes: Pick<ChangeService, 'plan'>;
  readonly directory: Pick<DirectoryPort, 'tables'>;
  readonly queries: (workspace: Workspace, signal: CancelSignal) => Promise<readonly SavedQuery[]>;
  readonly offboard: OffboardPort;
}

/** What was written down of a customer, and what is to be taken away. */
export interface Offboarding {
  readonly customer: Customer;
  /** One for each token that does it; each wants the customer's name typed. */
  readonly plans: readonly Plan[];
  /** What could not be seen, so that it may be left behind. */
  readonly unseen: readonly string[];
}

const DIAGNOSTIC_SETTINGS = '2021-05-01-preview';

/**
 * Writes down what is there of a customer (`settings.json`, `queries.json`) and what its people have to do
 * (`farewell.md`), and plans how our access and what sends to us are taken away. Its workspaces stay as they are, with
 * their rows. Rejects with `input.customer` where nobody or several are called that, and where something could not be
 * written down: nothing is taken away of whom nothing is kept.
 */
export async function planOffboarding(
  name: string,
  world: OffboardWorld,
  folder: Pick<OnboardingFolder, 'write'>,
  signal: CancelSignal = NEVER,
): Promise<Offboarding> {
  const estate = await world.estate.load({ refresh: true, signal });
  const customer = findCustomer(estate, name);
  if (customer.provider)
    throw new AppError('input.customer', `${customer.name} is the provider itself in your customers file.`);
  const workspaces = estate.workspaces.filter((one) => one.customer === customer.key);
  const subscriptions = (estate.subscriptions ?? []).filter((one) => one.customer === customer.key);
  await writeDown(workspaces, world, folder, signal);
  const unseen: string[] = estate.problems
    .filter(({ tenant }) => tenant !== undefined && customer.tenants.includes(tenant))
    .map(({ where, error }) => `${where}: ${error.message}`);
  const drafts = await draftsOf({ estate, customer, workspaces, subscriptions }, world, unseen, signal);
  await folder.write('farewell.md', farewellText(customer, workspaces, unseen));
  const plans: Plan[] = [];
  for (const draft of drafts) plans.push(await world.changes.plan(draft, signal));
  await folder.write('plan.txt', plans.map((plan) => planSheet(plan)).join('\n'));
  return { customer, plans, unseen };
}

function findCustomer({ customers }: Estate, name: string): Customer {
  const wanted = name.toLowerCase();
  const found = customers.filter((one) => one.key === name || one.name.toLowerCase() === wanted);
  const [only, other] = found;
  if (only && !other) return only;
  throw new AppError(
    'input.customer',
    only
      ? `Several customers are called "${name.slice(0, 80)}": ${found.map(({ key }) => key).join(', ')}. Give a key.`
      : `No customer "${name.slice(0, 80)}" is in your estate.`,
  );
}

async function writeDown(
  workspaces: readonly Workspace[],
  { directory, queries }: OffboardWorld,
  folder: Pick<OnboardingFolder, 'write'>,
  signal: CancelSignal,
): Promise<void> {
  const settings: object[] = [];
  const saved: object[] = [];
  for (const workspace of workspaces) {
    const { armId, name, guid, region, sku, retentionDays, dailyCapGb, tags } = workspace;
    const tables = await directory.tables(issuerOf(workspace), armId, signal);
    settings.push({
      armId,
      name,
      workspaceId: guid,
      region,
      sku,
      retentionDays,
      dailyCapGb: dailyCapGb ?? null,
      tags,
      tables,
    });
    saved.push({ workspace: name, queries: await queries(workspace, signal) });
  }
  await folder.write('settings.json', `${JSON.stringify(settings, null, 2)}\n`);
  await folder.write('queries.json', `${JSON.stringify(saved, null, 2)}\n`);
}

interface Leaving {
  readonly estate: Estate;
  readonly customer: Customer;
  readonly workspaces: readonly Workspace[];
  readonly subscriptions: readonly Subscription[];
}

async function draftsOf(
  { estate, customer, workspaces, subscriptions }: Leaving,
  { offboard }: OffboardWorld,
  unseen: string[],
  signal: CancelSignal,
): Promise<readonly Draft[]> {
  const whoseIs = new Map(estate.workspaces.map((one) => [one.key as string, one.customer]));
  const byIssuer = new Map<string, { readonly issuer: Issuer; readonly removals: Intent[]; readonly ends: Intent[] }>();
  const groupOf = (issuer: Issuer) => {
    const key = issuerKey(issuer);
    const group = byIssuer.get(key) ?? { issuer, removals: [], ends: [] };
    byIssuer.set(key, group);
    return group;
  };
  const tryTo = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family === 'cancelled' || error.family === 'bug') throw error;
      unseen.push(`${what}: ${error.message}`);
    }
  };
  const places = [
    ...subscriptions.map((one) => ({
      scope: `/subscriptions/${one.id}`,
      called: `subscription ${one.name}`,
      issuer: subscriptionIssuer(one),
    })),
    ...workspaces.map((one) => ({ scope: one.armId, called: `workspace ${one.name}`, issuer: issuerOf(one) })),
  ];
  for (const { scope, called, issuer } of places)
    await tryTo(`diagnostic settings of ${called}`, async () => {
      for (const { armId, name, workspace } of await offboard.diagnosticSettings(issuer, scope, signal)) {
        const goesTo = workspace === undefined ? customer.key : whoseIs.get(workspace.toLowerCase());
        if (goesTo === customer.key) continue;
        // It may be the customer's own, where we see nothing: that is for its people to say.
        if (goesTo === undefined) unseen.push(`whose ${workspace} is, to which ${name} of ${called} sends: it stays`);
        else
          groupOf(issuer).removals.push(
            wantRemoval(armId, {
              apiVersion: DIAGNOSTIC_SETTINGS,
              called: `diagnostic setting ${name} of ${called}`,
              consequence: `Its logs are sent to ${workspace} no more`,
            }),
          );
      }
    });
  for (const subscription of subscriptions) {
    const issuer = subscriptionIssuer(subscription);
    if (issuer.tenant === subscription.tenant) continue;
    await tryTo(`delegations of subscription ${subscription.name}`, async () => {
      for (const one of await offboard.delegations(issuer, subscription.id, signal))
        if (one.managedBy.toLowerCase() === issuer.tenant)
          groupOf(issuer).ends.push(wantDelegationEnd(one.armId, one.offerName, `subscription ${subscription.name}`));
    });
  }
  return [...byIssuer.values()].map(({ issuer, removals, ends }) => ({
    title: `Let ${customer.name} go`,
    issuer,
    owner: customer.tenants[0]!,
    typed: customer.name,
    about: [
      { what: 'Customer', name: whoseText(whose(estate, customer.tenants[0]!)), id: customer.tenants[0]!, main: true },
    ],
    // Last, because nothing can be seen or done there any more.
    intents: [...removals, ...ends.map((end) => ({ ...end, after: removals.map(({ id }) => id) }))],
    warnings: [
      "Workspaces stay where they are, with their rows: they are the customer's.",
      ...(ends.length > 0 ? ['Once a delegation has ended, only the customer can let you in again.'] : []),
    ],
  }));
}

function subscriptionIssuer({ paths, name }: Subscription): Issuer {
  const [path] = [...paths].sort(comparePaths);
  if (!path) throw new AppError('access.noPath', `No signed-in account reaches subscription ${name}.`);
  return { account: path.account, tenant: path.issuer };
}
