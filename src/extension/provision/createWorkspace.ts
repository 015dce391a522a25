import { env, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { Plan } from '../../model/plan.ts';
import { readSetting } from '../platform/settings.ts';
import type { ProvisionDeps } from './carryOut.ts';
import { carryOut, isNothingToDo } from './carryOut.ts';
import type { CreateAnswers } from './createSteps.ts';
import { createSteps, toRequest } from './createSteps.ts';
import { planText } from './planText.ts';
import { runWizard } from './wizard.ts';

/** The wizard, the plan to read, the confirmation, the work. Stops quietly wherever the person gives up. */
export async function createWorkspace(
  deps: ProvisionDeps,
  only: { readonly customer?: string; readonly tenant?: string } = {},
): Promise<void> {
  const { app } = deps;
  const estate = await app.estate.ensure();
  const defaults = {
    region: readSetting('workspace.defaultRegion'),
    retentionDays: readSetting('workspace.defaultRetentionDays'),
    tags: readSetting('workspace.defaultTags'),
  };
  const answers = await runWizard<CreateAnswers>('Create Workspace', createSteps(app.worker, estate, defaults, only));
  if (!answers) return;
  const request = toRequest(answers as CreateAnswers);
  const plan = await app.worker.request('provision.plan', request);
  await app.documents.showMarkdown(`${request.name} - plan.md`, planText(plan));
  if (isNothingToDo(plan)) {
    app.notify.info(`${request.name} exists already, with these settings. There is nothing to do.`);
    return;
  }
  if (!(await reviewPlan(plan))) return;
  if (!(await app.notify.confirm(`${plan.title}?`, plan.changes.map(({ title }) => title).join('\n'), 'Create')))
    return;
  await carryOut(deps, plan.title, plan);
  app.notify.info(`Workspace ${request.name} is ready.`);
}

type Choice = QuickPickItem & { readonly act?: 'go' | 'commands' | 'template' };

/** Stays open above the plan while it is read. */
async function reviewPlan(plan: Plan): Promise<boolean> {
  const choices: Choice[] = [
    { label: '$(rocket) Carry out the plan...', detail: plan.warnings[0] ?? '', act: 'go' },
    { label: '$(copy) Copy the Azure CLI commands instead', act: 'commands' },
    { label: '$(copy) Copy the ARM template instead', act: 'template' },
    { label: '$(close) Do nothing' },
  ];
  const choice = await window.showQuickPick(choices, {
    title: plan.title,
    placeHolder: 'Read the plan in the editor, then choose',
    ignoreFocusOut: true,
  });
  if (choice?.act === 'commands') await env.clipboard.writeText(plan.commands.join('\n'));
  if (choice?.act === 'template') await env.clipboard.writeText(plan.template);
  return choice?.act === 'go';
}
