import type { AppliedStep } from './finishedCustomer.ts';
import type { FinishedCustomer } from './finishedCustomer.ts';
import { NEVER } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { ComingCustomer, OnboardingState } from '../../model/onboarding.ts';
import { toWorkspaceKey } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import { workspaceArmId } from '../provision/checkName.ts';
import { issuerOf } from '../estate/path.ts';
import { Journal } from './journal.ts';
import { onboardingReceipt } from './onboardingReceipt.ts';
import type { OnboardOptions, OnboardWorld } from './onboardWorld.ts';
import { ownWorkspace } from './preflight/preflightCheck.ts';
import type { PreparedCustomer } from './preparedCustomer.ts';
import { waitForData, waitUntilAnswered } from './verifyData.ts';
import type { VerifyPlace } from './verifyData.ts';

/** So long a new workspace may take until it answers, and data until they are there. */
const QUERY_WITHIN_MS = 15 * 60_000;

/**
 * Carries out what was planned for one customer, verifies that its workspace answers and that data arrive, and writes
 * `receipt.txt`. What is there already stays, so that an attempt that was cut off anywhere goes on where it was. Never
 * rejects but for a bug or a cancellation before anything was done: what failed is in the answer.
 */
export async function finishCustomer(
  prepared: PreparedCustomer,
  world: OnboardWorld,
  options: OnboardOptions,
): Promise<FinishedCustomer> {
  const { customer, told } = prepared;
  const { folder, signal = NEVER, report = () => undefined } = options;
  const journal = new Journal(folder.journal, () => new Date(world.clock.now()).toISOString());
  const steps: AppliedStep[] = [];
  const notes: string[] = [];
  const end = async (
    state: OnboardingState,
    more: { readonly tables?: readonly string[]; readonly error?: AppErrorData } = {},
  ): Promise<FinishedCustomer> => {
    const finished = { customer, state, steps, notes, tables: [], ...more };
    await folder.write('receipt.txt', onboardingReceipt(finished, told));
    await journal.add({ step: 'ended', state });
    return finished;
  };
  const carryOut = async (plan: Plan): Promise<AppErrorData | undefined> => {
    // On the disk before anything is sent: what an attempt may have done is never a surprise to the next one.
    await journal.add({
      step: 'planned',
      changes: plan.changes.filter(({ action }) => action !== 'none').map(({ id }) => id),
    });
    const result = await world.provisioning.apply(
      plan.id,
      ({ message }) => {
        report(message);
      },
      signal,
      plan.typed,
    );
    await journal.addResult(result);
    steps.push({ plan, result });
    return result.ok ? undefined : result.error;
  };
  const goOn = async (): Promise<FinishedCustomer> => {
    const failed = prepared.plan && (await carryOut(prepared.plan));
    if (failed) return end('failed', { error: failed });
    const place = await placeOf(customer, world, signal);
    if ('code' in place) return end('failed', { error: place });
    const { logs, clock } = world;
    const waiting = { logs, clock, signal, report };
    const unanswered = await waitUntilAnswered(place, {
      ...waiting,
      withinMs: options.queryWithinMs ?? QUERY_WITHIN_MS,
    });
    if (unanswered) return end('failed', { error: unanswered });
    await journal.add({ step: 'queryable' });
    const said = await world.named?.(customer, signal);
    if (said !== undefined) notes.push(said);
    const agreed = await world.agreed?.(customer, prepared.agreed?.plans ?? [], signal);
    notes.push(...(agreed?.notes ?? []));
    for (const draft of agreed?.drafts ?? []) {
      const error = await carryOut(await world.changes.plan(draft, signal));
      if (error) return end('failed', { error });
    }
    const arrived = await waitForData(place, { ...waiting, withinMs: options.dataWithinMs ?? 0 });
    if (arrived.state === 'unanswered') return end('failed', { error: arrived.error });
    if (arrived.state === 'silent') return end('waitingForData');
    await journal.add({ step: 'dataArrived', tables: arrived.tables });
    return end('done', { tables: arrived.tables });
  };
  try {
    return await goOn();
  } catch (thrown) {
    const error = toAppError(thrown);
    // What was done by then has its receipt, whoever stopped the rest.
    if (error.family === 'bug' || steps.length === 0) throw error;
    return end('failed', { error: error.toData() });
  }
}

/** The workspace whose answers count: the customer's own, or the provider's with rows of its subscription. */
async function placeOf(
  customer: ComingCustomer,
  { estate }: OnboardWorld,
  signal: NonNullable<OnboardOptions['signal']>,
): Promise<VerifyPlace | AppErrorData> {
  const own = ownWorkspace(customer);
  const { subscription, resourceGroup, workspace: name, centralWorkspace = '' } = customer;
  const key = toWorkspaceKey(own ? workspaceArmId(subscription, resourceGroup, name) : centralWorkspace);
  const find = async (refresh: boolean) =>
    (await estate.load({ refresh, signal })).workspaces.find((one) => one.key === key);
  const workspace = (await find(false)) ?? (await find(true));
  if (!workspace)
    return {
      code: 'access.noPath',
      message: `The workspace ${key.slice(key.lastIndexOf('/') + 1)} is not in your estate yet. Run it again in some minutes.`,
      retryable: true,
    };
  return {
    issuer: issuerOf(workspace),
    guid: workspace.guid,
    armId: workspace.armId,
    ...(own ? {} : { subscription }),
  };
}
