import type { CancelSignal } from '../../base/cancel.ts';
import type { BaselineFile } from '../../model/baseline.ts';
import type { UnknownSetting } from '../../model/drift.ts';
import type { BaselineService } from '../baseline/baselineService.ts';
import type { Draft } from '../changes/makePlan.ts';
import type { OnboardWorld } from './onboardWorld.ts';

/** Who hears of what was agreed, before it is carried out. */
export interface AgreedEnds {
  /** What could not be looked at, so that it stays as it is. */
  readonly unseen?: (setting: UnknownSetting) => void;
  /** Shows what will be done and asks; rejects where the person does not want it. */
  readonly show?: (drafts: readonly Draft[], signal: CancelSignal | undefined) => Promise<void>;
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
  return async (coming, signal) => {
    const scope = { include: [{ kind: 'tenant', value: coming.tenant }], except: [] } as const;
    const checked = await baseline.check({ file, scope, untimed: true, coming }, signal);
    for (const one of checked.report.unknown) unseen?.(one);
    const drafts = await baseline.drafts(checked, signal);
    await show?.(drafts, signal);
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
