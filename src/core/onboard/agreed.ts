import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import type { BaselineFile } from '../../model/baseline.ts';
import type { UnknownSetting } from '../../model/drift.ts';
import type { ComingCustomer } from '../../model/onboarding.ts';
import type { Plan } from '../../model/plan.ts';
import type { BaselineService } from '../baseline/baselineService.ts';
import type { Draft } from '../changes/makePlan.ts';
import type { OnboardWorld } from './onboardWorld.ts';
import { workspaceRequest } from './workspaceRequest.ts';

/** Who hears of what was agreed, before it is carried out. */
export interface AgreedEnds {
  /** What could not be looked at, so that it stays as it is. */
  readonly unseen?: (setting: UnknownSetting) => void;
  /**
   * Shows what will be done and asks; rejects where the person does not want it. `before` are the plans that were shown
   * with that of the workspace.
   */
  readonly show?: (
    drafts: readonly Draft[],
    before: readonly Plan[],
    signal: CancelSignal | undefined,
  ) => Promise<void>;
}

/**
 * What the baseline agrees with a customer whose workspace answers, as drafts of all that differs from it: rules for
 * its machines, too, so that rows come without a hand. Where the file says no architecture, it is the onboarding's.
 */
export function agreedBy(
  file: BaselineFile,
  baseline: Pick<BaselineService, 'check' | 'drafts'>,
  { unseen, show }: AgreedEnds = {},
): NonNullable<OnboardWorld['agreed']> {
  return async (coming, before, signal) => {
    const scope = { include: [{ kind: 'tenant', value: coming.tenant }], except: [] } as const;
    const checked = await baseline.check({ file, scope, untimed: true, coming }, signal);
    for (const one of checked.report.unknown) unseen?.(one);
    const drafts = await baseline.drafts(checked, signal);
    await show?.(drafts, before, signal);
    const name = JSON.stringify(coming.key);
    return {
      drafts,
      notes: checked.unsaid
        ? [
            `Its architecture is the onboarding's: no layer of the baseline says one. Add ${name}: { "architecture": "${coming.architecture}" } to "customers" there, so that later checks know it, too.`,
          ]
        : [],
    };
  };
}

/**
 * The same before anything is made, to be read with the plan of the workspace. What cannot be said yet is a sentence of
 * `notes`: it stops nobody, and is looked at again when the workspace is there.
 */
export function agreedAheadBy(
  file: BaselineFile,
  baseline: Pick<BaselineService, 'check' | 'drafts' | 'ahead' | 'plan'>,
): NonNullable<OnboardWorld['ahead']> {
  return async (customer, issuer, plan, signal) => {
    try {
      const makes = plan?.changes.some(({ resource, action }) => resource === 'workspace' && action === 'create');
      const { plans, leftOut } = makes
        ? await baseline.ahead({ file, workspace: workspaceRequest(customer, issuer), coming: customer }, signal)
        : await differing(file, baseline, customer, signal);
      return { plans: plans.filter(({ changes }) => changes.some(({ action }) => action !== 'none')), notes: leftOut };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family === 'bug' || error.family === 'cancelled') throw error;
      return { plans: [], notes: [error.message] };
    }
  };
}

/** What of the baseline's differs at a customer whose workspace is there. */
async function differing(
  file: BaselineFile,
  baseline: Pick<BaselineService, 'check' | 'drafts' | 'plan'>,
  customer: ComingCustomer,
  signal: CancelSignal | undefined,
): Promise<{ readonly plans: readonly Plan[]; readonly leftOut: readonly string[] }> {
  const leftOut: string[] = [];
  const unseen = ({ where, name, error }: UnknownSetting): void => {
    leftOut.push(`${name} of ${where}: ${error.message}`);
  };
  const plans: Plan[] = [];
  const { drafts } = await agreedBy(file, baseline, { unseen })(customer, [], signal);
  for (const draft of drafts) plans.push(await baseline.plan(draft, signal));
  return { plans, leftOut };
}

/** Plans of what was agreed that say something which was not shown before. */
export function notShownIn(plans: readonly Plan[], before: readonly Plan[]): readonly Plan[] {
  const shown = new Set(before.flatMap(({ changes }) => changes.map(keyOf)));
  return plans.filter(({ changes }) => changes.some((change) => change.action !== 'none' && !shown.has(keyOf(change))));
}

/** Of one thing what it is about to be; what it was before may have come with the workspace. */
function keyOf({ id, differences }: Plan['changes'][number]): string {
  return JSON.stringify([id.toLowerCase(), ...differences.map(({ name, after }) => [name, after])]);
}
