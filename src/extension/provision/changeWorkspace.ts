import { EstateIndex } from '../../core/estate/estateIndex.ts';
import { readGb } from '../../core/provision/fieldWords.ts';
import { describeDeletion } from '../../core/provision/rules.ts';
import { parseTags } from '../../core/provision/tagText.ts';
import { whose, whoseText } from '../../core/provision/whose.ts';
import type { Workspace } from '../../model/estate.ts';
import type { WorkspaceChange } from '../../model/plan.ts';
import type { ProvisionDeps } from './carryOut.ts';
import type { PlanDesk } from './planDesk.ts';
import { askCap, askRetention, askTags } from './settingSteps.ts';
import { BACK, runWizard } from './wizard.ts';
import type { StepFrame } from './wizard.ts';

/** The workspace, and where its plans are read. */
export interface ChangeDeps extends ProvisionDeps {
  readonly desk: PlanDesk;
}

/** Asks how long logs are kept, and lays the plan of it open. `proposed`: days that a finding asks for. */
export async function changeRetention(deps: ChangeDeps, workspace: Workspace, proposed?: number): Promise<void> {
  const index = EstateIndex.of(await deps.app.estate.ensure());
  const context = {
    sku: workspace.sku,
    now: workspace.retentionDays,
    declared: index.customerOf(workspace)?.declared,
    customer: index.customerName(workspace.customer),
  };
  const choice = await askOne(deps, 'Retention', workspace, (frame) =>
    askRetention(frame, context, { proposed, ready: proposed ?? workspace.retentionDays }),
  );
  if (choice) await plan(deps, workspace, { workspace: workspace.key, retentionDays: choice.value });
}

/** Asks for the daily cap in GB, and lays the plan of it open; empty takes it off. */
export async function changeCap(deps: ChangeDeps, workspace: Workspace, proposed?: number): Promise<void> {
  const answer = await askOne(deps, 'Daily Cap', workspace, (frame) => askCap(frame, proposed ?? workspace.dailyCapGb));
  if (answer) await plan(deps, workspace, { workspace: workspace.key, dailyCapGb: readGb(answer.text) ?? null });
}

/** Asks for all tags, and lays the plan of them open. */
export async function changeTags(deps: ChangeDeps, workspace: Workspace): Promise<void> {
  const answer = await askOne(deps, 'Tags', workspace, (frame) =>
    askTags(frame, 'All tags, such as env=prod, owner=ops; those left out are taken off', workspace.tags),
  );
  const parsed = answer && parseTags(answer.text);
  if (parsed?.ok) await plan(deps, workspace, { workspace: workspace.key, tags: parsed.tags });
}

/** Lays the plan of a deletion open, with what goes with the workspace; it is confirmed from there. */
export async function deleteWorkspace(deps: ChangeDeps, workspace: Workspace, permanent: boolean): Promise<void> {
  const made = await deps.app.worker.request('provision.planDeletion', { workspace: workspace.key, permanent });
  await deps.desk.lay(made, describeDeletion(workspace.name, permanent));
}

async function plan(deps: ChangeDeps, workspace: Workspace, wanted: WorkspaceChange): Promise<void> {
  const made = await deps.app.worker.request('provision.planSettings', wanted);
  await deps.desk.lay(made, `${workspace.name} is changed.`);
}

/** One question about a workspace, under a title that says whose it is. Undefined where the person gave up. */
async function askOne<T extends object>(
  { app }: ChangeDeps,
  what: string,
  workspace: Workspace,
  ask: (frame: StepFrame) => Promise<T | typeof BACK | undefined>,
): Promise<T | undefined> {
  const owner = whoseText(whose(await app.estate.ensure(), workspace.tenant));
  const answers = await runWizard<{ answer: T }>(
    () => `${what} of ${workspace.name} of ${owner}`,
    [
      {
        ask: async (_state, frame) => {
          const answer = await ask(frame);
          return answer === BACK || answer === undefined ? answer : { answer };
        },
      },
    ],
  );
  return answers?.answer;
}
