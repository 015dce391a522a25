import type { CancelSignal } from '../../base/cancel.ts';
import type { Plan } from '../../model/plan.ts';
import type { ChangeService } from '../changes/changeService.ts';
import type { Draft } from '../changes/makePlan.ts';
import type { EstateService } from '../estate/estateService.ts';
import { checkBaseline } from './checkBaseline.ts';
import type { CheckedBaseline, CheckProgress, CheckRequest, CheckWorld } from './checkBaseline.ts';
import { draftFixes } from './draftFixes.ts';
import { planAhead } from './planAhead.ts';
import type { AheadPlans, AheadRequest } from './planAhead.ts';
import type { ChangeHandler } from '../changes/changeHandler.ts';

/** What checks and their plans stand on. */
export interface BaselineServiceWorld extends CheckWorld {
  readonly estate: Pick<EstateService, 'load'>;
  readonly changes: Pick<ChangeService, 'plan'>;
  readonly handlers: readonly ChangeHandler[];
}

/** What was agreed with customers, held against what is there; its plans are carried out like all others. */
export class BaselineService {
  private readonly world: BaselineServiceWorld;

  constructor(world: BaselineServiceWorld) {
    this.world = world;
  }

  /** Compares and changes nothing. Rejects with `input.scope`, and with what loading the estate met. */
  async check(
    request: Omit<CheckRequest, 'estate'>,
    signal?: CancelSignal,
    tell?: CheckProgress,
  ): Promise<CheckedBaseline> {
    const estate = await this.world.estate.load({ ...(signal ? { signal } : {}) });
    return checkBaseline({ ...request, estate }, this.world, signal, tell);
  }

  /** What would put right what a check found: nothing is looked at yet. */
  async drafts(checked: CheckedBaseline, signal?: CancelSignal): Promise<readonly Draft[]> {
    return draftFixes(checked, await this.world.estate.load({ ...(signal ? { signal } : {}) }));
  }

  /** What is to be done behind the making of a workspace, for an export. Rejects as planning does. */
  async ahead(request: Omit<AheadRequest, 'estate'>, signal?: CancelSignal): Promise<AheadPlans> {
    const estate = await this.world.estate.load({ ...(signal ? { signal } : {}) });
    return planAhead({ ...request, estate }, this.world, signal);
  }

  /** Looks again at what one draft would change. Rejects as `ChangeService.plan` does. */
  plan(draft: Draft, signal?: CancelSignal): Promise<Plan> {
    return this.world.changes.plan(draft, signal);
  }
}
