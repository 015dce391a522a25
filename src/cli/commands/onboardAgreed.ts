import { Limiter } from '../../base/limiter.ts';
import type { Services } from '../../app/services.ts';
import { planSheet } from '../../core/changes/planSheet.ts';
import { agreedAheadBy, agreedBy, notShownIn } from '../../core/onboard/agreed.ts';
import type { AgreedEnds } from '../../core/onboard/agreed.ts';
import type { OnboardWorld } from '../../core/onboard/onboardWorld.ts';
import type { Plan } from '../../model/plan.ts';
import { soundBaselineIfAny } from '../baselineFile.ts';
import type { Values } from '../command.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { confirm } from './workspaceAction.ts';

/**
 * What onboarding stands on, with the baseline where there is one: it is planned with the workspace, so that one word
 * is enough; only what turns out otherwise once the workspace is there is shown and asked for by itself.
 */
export async function withAgreed(
  world: OnboardWorld,
  azure: Services,
  values: Values,
  terminal: Terminal,
): Promise<OnboardWorld> {
  const file = await soundBaselineIfAny(values, terminal);
  if (!file) return world;
  const turn = new Limiter(1);
  const show: NonNullable<AgreedEnds['show']> = async (drafts, before, signal) => {
    const plans: Plan[] = [];
    for (const draft of drafts) plans.push(await azure.baseline.plan(draft, signal));
    for (const plan of notShownIn(plans, before)) {
      terminal.say(planSheet(plan).trimEnd());
      await confirm(`${safeText(plan.title)}?`, { values, terminal });
    }
  };
  return {
    ...world,
    ahead: agreedAheadBy(file, azure.baseline),
    agreed: agreedBy(file, azure.baseline, {
      unseen: ({ customerName, where, error }) => {
        terminal.say(safeText(`${customerName}: ${where}: ${error.message}`));
      },
      show: (drafts, before, signal) => turn.run(() => show(drafts, before, signal), signal),
    }),
  };
}
