import type { AzureWhatIf } from './preparedCustomer.ts';
import type { PreparedCustomer } from './preparedCustomer.ts';
import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { toWorkspaceKey } from '../../model/ids.ts';
import type { ComingCustomer, ManagedOffer } from '../../model/onboarding.ts';
import type { Plan } from '../../model/plan.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { WorkspaceNow } from '../../ports/workspaces.ts';
import { workspaceArmId } from '../provision/checkName.ts';
import type { ReachableSubscription } from '../provision/reachableSubscriptions.ts';
import { isAsRequested } from '../provision/workspaceVerify.ts';
import { checkOurSide } from './ourSide.ts';
import { handOverText } from './handOver.ts';
import { Journal } from './journal.ts';
import type { Told } from './journal.ts';
import { checkOffer, offerTemplate } from './lighthouseOffer.ts';
import type { OfferNames } from './lighthouseOffer.ts';
import { onboardingSheet } from './onboardingSheet.ts';
import type { OnboardOptions, OnboardWorld } from './onboardWorld.ts';
import { ownWorkspace } from './preflight/preflightCheck.ts';
import { runPreflight } from './preflight/runPreflight.ts';
import { workspaceRequest } from './workspaceRequest.ts';

/** How one customer is looked at. `reachable`: what `lookAround` found, once for all customers. */
export interface PrepareOptions extends OnboardOptions {
  readonly reachable: readonly ReachableSubscription[];
  /** What an assessment says of the architecture. */
  readonly advice?: string;
}

/**
 * Who lets us in now: every subscription that some account reaches, in the tenants of `coming` too where our
 * application is to be installed there. Rejects as `EstateService.load` does.
 */
export async function lookAround(
  { estate, provisioning }: Pick<OnboardWorld, 'estate' | 'provisioning'>,
  coming: readonly Pick<ComingCustomer, 'access' | 'tenant'>[],
  signal: CancelSignal = NEVER,
): Promise<readonly ReachableSubscription[]> {
  estate.expect(coming.flatMap(({ access, tenant }) => (access === 'servicePrincipal' ? [tenant] : [])));
  await estate.load({ refresh: true, signal });
  return provisioning.subscriptions(undefined, signal);
}

/** A workspace that an earlier attempt began may need this long until it can be looked at. */
const SETTLE_MS = 10 * 60_000;
const LOOK_EVERY_MS = 5_000;

/**
 * Looks at one customer: whether we are let in (else what its administrator has to do is written down), what stands in
 * the way, and what is to be made. Writes `plan.txt` into its folder, which is held from now on until its caller
 * releases it. Rejects with `input.onboarding` where the folder is another customer's, with `input.onboardingBusy`
 * where another process is at it, with what planning met, and where it is we who cannot enter with why: it is not the
 * customer's turn then.
 */
export async function prepareCustomer(
  customer: ComingCustomer,
  offer: ManagedOffer | undefined,
  world: OnboardWorld,
  { folder, reachable, advice, signal = NEVER, report = () => undefined }: PrepareOptions,
): Promise<PreparedCustomer> {
  await folder.hold();
  const journal = new Journal(folder.journal, () => new Date(world.clock.now()).toISOString());
  const told = await journal.told();
  const subject = `${customer.tenant} ${customer.subscription}`;
  if (told.subject !== undefined && told.subject !== subject)
    throw new AppError(
      'input.onboarding',
      `The folder of ${customer.name} has the journal of another tenant or subscription (${told.subject}). Give one of them another "key".`,
    );
  await journal.add({ step: 'attempt', subject });
  const reached = findReached(customer, reachable);
  if (!reached) {
    checkOurSide(customer, offer, await world.estate.load({ signal }));
    return handOver(customer, offer, world, { folder, journal, told });
  }
  const issuer = { account: reached.account, tenant: reached.issuer };
  report('Looking at what may be in the way');
  const findings = await runPreflight({
    customer,
    ...(offer ? { offer } : {}),
    issuer,
    port: world.preflight,
    provision: world.provision,
    signal,
  });
  const base = { customer, told, findings, handedOver: [], issuer, ...(advice === undefined ? {} : { advice }) };
  if (findings.some(({ state }) => state === 'stops'))
    return sheeted({ ...base, state: 'refused' }, { folder, journal });
  const plan = ownWorkspace(customer) ? await planOf(customer, reached, world, signal) : undefined;
  const whatIf = plan && (await askAzure(customer, plan, issuer, world, signal));
  const agreed = await world.ahead?.(customer, issuer, plan, signal);
  return sheeted(
    {
      ...base,
      state: 'planned',
      ...(plan ? { plan } : {}),
      ...(whatIf ? { whatIf } : {}),
      ...(agreed ? { agreed } : {}),
    },
    { folder, journal },
  );
}

/** Names of an offer's resources: the same for the same offer, whoever asks, so that nothing is made twice. */
export function offerNames({ name, managedBy }: ManagedOffer, { guidOf }: Pick<OnboardWorld, 'guidOf'>): OfferNames {
  return { definition: guidOf('definition', managedBy, name), assignment: guidOf('assignment', managedBy, name) };
}

function findReached(
  { name, tenant, subscription }: ComingCustomer,
  reachable: readonly ReachableSubscription[],
): ReachableSubscription | undefined {
  const found = reachable.find((one) => one.subscription === subscription);
  if (found && found.tenant !== tenant)
    throw new AppError(
      'input.onboarding',
      `The subscription ${subscription} of ${name} belongs to tenant ${found.tenant}, not to ${tenant} as the file says. Nothing was done.`,
    );
  return found;
}

interface Ends {
  readonly folder: OnboardOptions['folder'];
  readonly journal: Journal;
}

async function handOver(
  customer: ComingCustomer,
  offer: ManagedOffer | undefined,
  world: OnboardWorld,
  { folder, journal, told }: Ends & { readonly told: Told },
): Promise<PreparedCustomer> {
  const handedOver = ['access.md'];
  if (customer.access === 'lighthouse' && offer) {
    const { refused } = checkOffer(offer);
    if (refused.length > 0) throw new AppError('input.offer', refused.join(' '));
    await folder.write('lighthouse-offer.json', offerTemplate(offer, offerNames(offer, world)));
    handedOver.push('lighthouse-offer.json');
  }
  const request = handOverText(customer, offer, world.cloud);
  await folder.write('access.md', request);
  await journal.add({ step: 'handedOver' });
  await journal.add({ step: 'ended', state: 'waitingForCustomer' });
  return { customer, state: 'waitingForCustomer', told, findings: [], handedOver, request };
}

async function sheeted(prepared: PreparedCustomer, { folder, journal }: Ends): Promise<PreparedCustomer> {
  await folder.write('plan.txt', onboardingSheet(prepared));
  if (prepared.state === 'refused') await journal.add({ step: 'ended', state: 'refused' });
  return prepared;
}

/** The plan of the workspace: made, or where it is there already, set as the file says. */
async function planOf(
  customer: ComingCustomer,
  place: ReachableSubscription,
  world: OnboardWorld,
  signal: CancelSignal,
): Promise<Plan> {
  const issuer = { account: place.account, tenant: place.issuer };
  const armId = workspaceArmId(customer.subscription, customer.resourceGroup, customer.workspace);
  const request = workspaceRequest(customer, issuer);
  const there = await settled(armId, issuer, world, signal);
  if (!there || isAsRequested(there, request))
    return world.provisioning.planWorkspace(request, { subscriptionName: place.name }, signal);
  return world.provisioning.planSettings(
    {
      workspace: toWorkspaceKey(armId),
      retentionDays: customer.retentionDays,
      dailyCapGb: customer.dailyCapGb ?? null,
      // Tags of others stay.
      tags: { ...there.listing?.tags, ...customer.tags },
    },
    signal,
  );
}

/** The workspace, once the service is not at it any more: an attempt that was cut off may have left it so. */
async function settled(
  armId: string,
  issuer: Issuer,
  { provision, clock }: OnboardWorld,
  signal: CancelSignal,
): Promise<WorkspaceNow | undefined> {
  const until = clock.now() + SETTLE_MS;
  for (;;) {
    const now = await provision.workspace(issuer, armId, signal);
    if (!now || !/^(Creating|Updating|ProvisioningAccount)$/.test(now.provisioningState) || clock.now() >= until)
      return now;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}

async function askAzure(
  { subscription, resourceGroup }: ComingCustomer,
  { template }: Plan,
  issuer: Issuer,
  { preflight, provision }: OnboardWorld,
  signal: CancelSignal,
): Promise<AzureWhatIf> {
  if (template === '') return { unasked: 'The plan has nothing that a template makes.' };
  try {
    const groups = await provision.resourceGroups(issuer, subscription, signal);
    if (!groups.some(({ name }) => name.toLowerCase() === resourceGroup.toLowerCase()))
      return { unasked: `Azure answers for a resource group that is there, and ${resourceGroup} is not yet.` };
    const scope = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}`;
    return { changes: await preflight.whatIf(issuer, scope, JSON.parse(template) as object, signal) };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.family === 'cancelled') throw error;
    return { unasked: `It could not be asked: ${error.message}` };
  }
}
