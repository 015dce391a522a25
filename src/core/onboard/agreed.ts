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
 * its machines, too, so that rows come without a hand.
 */
export function agreedBy(
  file: BaselineFile,
  baseline: Pick<BaselineService, 'check' | 'drafts'>,
  { unseen, show }: AgreedEnds = {},
): NonNullable<OnboardWorld['agreed']> {
  return async (tenant, signal) => {
    const scope = { include: [{ kind: 'tenant', value: tenant }], except: [] } as const;
    const checked = await baseline.check({ file, scope, untimed: true }, signal);
    for (const one of checked.report.unknown) unseen?.(one);
    const drafts = await baseline.drafts(checked, signal);
    await show?.(drafts, signal);
    return drafts;
  };
}
