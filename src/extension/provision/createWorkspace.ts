import { readSetting } from '../platform/settings.ts';
import type { ProvisionDeps } from './carryOut.ts';
import { toRequest } from './createAnswers.ts';
import type { CreateAnswers, CreateDefaults } from './createAnswers.ts';
import { createSteps, createTitle } from './createSteps.ts';
import type { PlanDesk } from './planDesk.ts';
import { runWizard } from './wizard.ts';

/** Where a workspace is wanted, and what is proposed for it, by what sent the person here. */
export interface CreateWish {
  readonly customer?: string;
  readonly tenant?: string;
  readonly proposed?: CreateDefaults['proposed'];
}

/** The wizard, then the plan to read and confirm. Stops quietly wherever the person gives up. */
export async function createWorkspace(deps: ProvisionDeps, desk: PlanDesk, wish: CreateWish = {}): Promise<void> {
  const { app } = deps;
  const estate = await app.estate.ensure();
  const defaults = {
    region: readSetting('workspace.defaultRegion'),
    retentionDays: readSetting('workspace.defaultRetentionDays'),
    tags: readSetting('workspace.defaultTags'),
    ...(wish.proposed ? { proposed: wish.proposed } : {}),
  };
  const answers = await runWizard<CreateAnswers>(
    (state) => createTitle(estate, state),
    createSteps(app.worker, estate, defaults, wish),
  );
  if (!answers) return;
  const request = toRequest(answers as CreateAnswers);
  await desk.lay(await app.worker.request('provision.plan', request), `Workspace ${request.name} is ready.`);
}
