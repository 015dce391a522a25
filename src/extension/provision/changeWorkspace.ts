import { window } from 'vscode';
import { RETENTION_CHOICES, describeDeletion } from '../../core/provision/rules.ts';
import { parseTags, printTags } from '../../core/provision/tagText.ts';
import type { Workspace } from '../../model/estate.ts';
import type { WorkspaceChange } from '../../model/plan.ts';
import type { ProvisionDeps } from './carryOut.ts';
import { carryOut, isNothingToDo } from './carryOut.ts';
import { validateCapText, validateTagText } from './createSteps.ts';

/** Asks how long logs are kept, and changes it. */
export async function changeRetention(deps: ProvisionDeps, workspace: Workspace): Promise<void> {
  const days = [...new Set([...RETENTION_CHOICES, workspace.retentionDays])].sort((a, b) => a - b);
  const choice = await window.showQuickPick(
    days.map((value) => ({
      label: `${value} days`,
      value,
      ...(value === workspace.retentionDays ? { description: 'now' } : {}),
    })),
    { title: `Retention of ${workspace.name}` },
  );
  if (choice && choice.value !== workspace.retentionDays)
    await change(deps, workspace, { workspace: workspace.key, retentionDays: choice.value });
}

/** Asks for the daily cap in GB, and changes it; empty takes it off. */
export async function changeCap(deps: ProvisionDeps, workspace: Workspace): Promise<void> {
  const now = workspace.dailyCapGb === undefined ? '' : String(workspace.dailyCapGb);
  const text = await window.showInputBox({
    title: `Daily Cap of ${workspace.name}`,
    prompt: 'GB a day; empty for none',
    value: now,
    ignoreFocusOut: true,
    validateInput: validateCapText,
  });
  if (text !== undefined && text.trim() !== now)
    await change(deps, workspace, { workspace: workspace.key, dailyCapGb: text.trim() === '' ? null : Number(text) });
}

/** Asks for all tags, and changes them. */
export async function changeTags(deps: ProvisionDeps, workspace: Workspace): Promise<void> {
  const now = printTags(workspace.tags);
  const text = await window.showInputBox({
    title: `Tags of ${workspace.name}`,
    prompt: 'All tags, such as env=prod, owner=ops',
    value: now,
    ignoreFocusOut: true,
    validateInput: validateTagText,
  });
  const parsed = text === undefined || text === now ? undefined : parseTags(text);
  if (parsed?.ok) await change(deps, workspace, { workspace: workspace.key, tags: parsed.tags });
}

/** A soft deletion asks once; a permanent one wants the name typed. */
export async function deleteWorkspace(deps: ProvisionDeps, workspace: Workspace, permanent: boolean): Promise<void> {
  const { app } = deps;
  let typedName: string | undefined;
  if (permanent) {
    const typed = await window.showInputBox({
      title: `Delete ${workspace.name} Permanently`,
      prompt: 'Its logs cannot be brought back. Type the name of the workspace to delete it.',
      placeHolder: workspace.name,
      ignoreFocusOut: true,
      validateInput: (text) =>
        text === '' || workspace.name.startsWith(text) ? undefined : 'This is not the name of the workspace.',
    });
    if (typed !== workspace.name) {
      if (typed !== undefined) app.notify.info('Nothing was deleted: the name did not match.');
      return;
    }
    typedName = typed;
  } else if (
    !(await app.notify.confirm(
      `Delete workspace ${workspace.name}?`,
      'It stops taking in logs at once. It can be recovered with its data for 14 days.',
      'Delete',
    ))
  )
    return;
  const plan = await app.worker.request('provision.planDeletion', {
    workspace: workspace.key,
    permanent,
    ...(typedName === undefined ? {} : { typedName }),
  });
  await carryOut(deps, `Deleting ${workspace.name}`, plan);
  app.notify.info(describeDeletion(workspace.name, permanent));
}

async function change(deps: ProvisionDeps, workspace: Workspace, wanted: WorkspaceChange): Promise<void> {
  const { app } = deps;
  const plan = await app.worker.request('provision.planSettings', wanted);
  if (isNothingToDo(plan)) {
    app.notify.info(`${workspace.name} has these settings already. Nothing was changed.`);
    return;
  }
  const warning = plan.warnings.join('\n');
  if (warning && !(await app.notify.confirm(`Change ${workspace.name}?`, warning, 'Change'))) return;
  await carryOut(deps, `Changing ${workspace.name}`, plan);
}
