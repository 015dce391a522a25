import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { BaselineLock } from '../../model/baseline.ts';
import type { Customer, Estate } from '../../model/estate.ts';
import { toCustomerKey } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import type { AssessPort } from '../../ports/assess.ts';
import type { BaselinePort } from '../../ports/baseline.ts';
import type { OffboardPort, OnboardingFolder } from '../../ports/onboarding.ts';
import type { ChangeService } from '../changes/changeService.ts';
import type { EstateService } from '../estate/estateService.ts';
import { allSubscriptions } from '../estate/scopeSubscriptions.ts';
import { farewellText } from './farewell.ts';
import { Journal } from './journal.ts';
import type { Told } from './journal.ts';
import { clearLocks } from './leaving/clearLocks.ts';
import { draftLeaving } from './leaving/draftLeaving.ts';
import { endAccess } from './leaving/endAccess.ts';
import type { AccessWorld } from './leaving/endAccess.ts';
import { endAlerts } from './leaving/endAlerts.ts';
import { endSending } from './leaving/endSending.ts';
import type { SendingWorld } from './leaving/endSending.ts';
import { LeavingNotes } from './leaving/leavingNotes.ts';
import type { AdminTask, Leaving } from './leaving/leavingNotes.ts';
import { writeDown } from './leaving/writeDown.ts';
import type { WritingWorld } from './leaving/writeDown.ts';

/** What letting a customer go stands on. */
export interface OffboardWorld extends WritingWorld {
  readonly estate: Pick<EstateService, 'load'>;
  readonly changes: Pick<ChangeService, 'plan'>;
  readonly offboard: OffboardPort;
  /** What else it looks at. */
  readonly leaving: Pick<AccessWorld, 'ownRoles' | 'names' | 'preflight'> &
    Pick<SendingWorld, 'sending'> & {
      readonly assess: Pick<AssessPort, 'graph' | 'subscription'>;
      readonly baseline: Pick<BaselinePort, 'alerting' | 'resourcesOf'>;
    };
  /** Locks that are ours: those of the baseline. */
  readonly ownLocks?: (customer: Customer) => Readonly<Record<string, Pick<BaselineLock, 'on'>>>;
}

/** What was written down of a customer, and what is to be taken away. */
export interface Offboarding {
  readonly customer: Customer;
  /** In this order, one for each token that does it (and phase); each wants the customer's name typed. */
  readonly plans: readonly Plan[];
  /** What could not be seen, so that it may be left behind. */
  readonly unseen: readonly string[];
  /** What only the customer's administrators can do. */
  readonly tasks: readonly AdminTask[];
  /** Workspaces (ARM ids) that are written down. */
  readonly kept: readonly string[];
  /** What earlier attempts did, as the journal tells it; nothing of the customer may be seen any more. */
  readonly told?: Told;
}

/** Where it is written: the journal is read where there is one. */
export type OffboardingFolder = Pick<OnboardingFolder, 'write'> & Partial<Pick<OnboardingFolder, 'journal'>>;

/**
 * Writes down what is there of a customer (`settings.json`, `queries.json`, `alerts.json` ...) and what its people have
 * to do (`farewell.md`), and plans how our access and what sends to us are taken away. Its workspaces stay as they are,
 * with their rows. What an attempt has written that was cut off, or did a part, stays: it had everything. Rejects with
 * `input.customer` where nobody or several are called that, and where something could not be written down: nothing is
 * taken away of whom nothing is kept.
 */
export async function planOffboarding(
  name: string,
  world: OffboardWorld,
  folder: OffboardingFolder,
  signal: CancelSignal = NEVER,
): Promise<Offboarding> {
  const journal = folder.journal && (await new Journal(folder.journal, () => '').told());
  // That of an onboarding has no name in it.
  const told = journal?.name === undefined ? undefined : journal;
  const estate = await world.estate.load({ refresh: true, signal });
  const customer = findCustomer(estate, name, told);
  if (customer.provider)
    throw new AppError('input.customer', `${customer.name} is the provider itself in your customers file.`);
  if (told?.subject !== undefined && told.subject !== customer.key)
    throw new AppError(
      'input.customer',
      `The journal of this folder is of ${told.name ?? told.subject}, not of ${customer.name}. Name another folder.`,
    );
  const isOurs = <T extends { readonly customer: Customer['key'] }>(one: T): boolean => one.customer === customer.key;
  const leaving: Leaving = {
    estate,
    customer,
    workspaces: estate.workspaces.filter(isOurs),
    subscriptions: allSubscriptions(estate).filter(isOurs),
  };
  const notes = new LeavingNotes();
  for (const { where, error, tenant } of estate.problems)
    if (tenant !== undefined && customer.tenants.includes(tenant)) notes.unseen.push(`${where}: ${error.message}`);
  for (const { name: called, customer: owner, shared } of estate.workspaces)
    if (owner !== customer.key && shared?.rules.some((rule) => rule.customer === customer.key))
      notes.unseen.push(
        `${called} may hold rows of ${customer.name} beside those of others: no step here erases them, they stay until their retention ends`,
      );
  const sending = { ...world.leaving, offboard: world.offboard, resources: world.leaving.baseline };
  const senders = await endSending(leaving, sending, notes, signal);
  const alerts = await endAlerts(leaving, world.leaving.baseline, notes, signal);
  await endAccess(leaving, { ...world.leaving, offboard: world.offboard }, notes, signal);
  await clearLocks(leaving, world.leaving.assess, world.ownLocks?.(customer) ?? {}, notes, signal);
  if (!isUnderWay(told, leaving)) {
    await writeDown(leaving, world, { ...senders, alerts }, folder, signal);
    await folder.write('farewell.md', farewellText(customer, leaving.workspaces, notes));
  }
  const plans: Plan[] = [];
  for (const draft of draftLeaving(leaving, notes)) plans.push(await world.changes.plan(draft, signal));
  const { unseen, tasks } = notes;
  const kept = leaving.workspaces.map(({ key }) => key);
  return { customer, plans, unseen, tasks, kept, ...(told?.subject === undefined ? {} : { told }) };
}

/** Whether what is seen now is what an earlier attempt left: what it wrote down was more. */
function isUnderWay(told: Told | undefined, { workspaces }: Leaving): boolean {
  if (!told) return false;
  const touched = told.made.size > 0 || told.cutOff.size > 0;
  const seen = new Set<string>(workspaces.map(({ key }) => key));
  return touched && (told.ended !== 'done' || seen.size === 0 || [...(told.kept ?? [])].some((id) => !seen.has(id)));
}

function findCustomer({ customers }: Estate, name: string, told: Told | undefined): Customer {
  const wanted = name.toLowerCase();
  // A key is one customer's alone, whoever else is called so.
  const named = customers.filter((one) => one.key === name);
  const found = named.length > 0 ? named : customers.filter((one) => one.name.toLowerCase() === wanted);
  const [only, other] = found;
  if (only && !other) return only;
  // Whoever was let in by nothing but what an earlier attempt has ended is in no estate any more.
  const { subject, name: called = subject } = told ?? {};
  if (!only && subject !== undefined && [subject, called].some((one) => one?.toLowerCase() === wanted))
    return { key: toCustomerKey(subject), name: called!, groups: [], tags: {}, tenants: [] };
  throw new AppError(
    'input.customer',
    only
      ? `Several customers are called "${name.slice(0, 80)}": ${found.map(({ key }) => key).join(', ')}. Give a key.`
      : `No customer "${name.slice(0, 80)}" is in your estate.`,
  );
}
