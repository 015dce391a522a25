import type { Services } from '../../app/services.ts';
import { AppError } from '../../base/errors.ts';
import { describeDeletion } from '../../core/provision/rules.ts';
import type { Workspace } from '../../model/estate.ts';
import type { WorkspaceChange } from '../../model/plan.ts';
import { numberOf, textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { findWorkspace } from '../scopeOption.ts';
import { planAndDo, readTags } from './workspaceAction.ts';
import type { WorkspaceAction } from './workspaceAction.ts';

/** `workspace update`: retention, daily cap, tags. */
export async function updateWorkspace(action: WorkspaceAction): Promise<number> {
  return onWorkspace(action, async (azure, workspace) => {
    const change = readChange(workspace, action.values);
    const plan = await azure.provisioning.planSettings(change, action.terminal.signal);
    return planAndDo(azure, plan, `Changed ${workspace.name}.`, action);
  });
}

/** `workspace delete`: soft, or for good with the name repeated. */
export async function removeWorkspace(action: WorkspaceAction): Promise<number> {
  const permanent = action.values['permanent'] === true;
  return onWorkspace(action, async (azure, workspace) => {
    const plan = await azure.provisioning.planDeletion(workspace.key, permanent, action.terminal.signal);
    return planAndDo(azure, plan, describeDeletion(workspace.name, permanent), action);
  });
}

async function onWorkspace(
  action: WorkspaceAction,
  act: (azure: Services, workspace: Workspace) => Promise<number>,
): Promise<number> {
  const azure = await openAzure(action.values, action.terminal);
  try {
    const estate = await azure.estate.load({ signal: action.terminal.signal });
    const workspace = findWorkspace(action.name, estate);
    return await act(azure, workspace);
  } finally {
    azure.dispose();
  }
}

function readChange(workspace: Workspace, values: Values): WorkspaceChange {
  const none = textOf(values, 'cap')?.toLowerCase() === 'none';
  const [retentionDays, cap, tags] = [
    numberOf(values, 'retention'),
    none ? null : numberOf(values, 'cap'),
    readTags(values),
  ];
  if (retentionDays === undefined && cap === undefined && tags === undefined)
    throw new AppError('input.usage', 'Nothing to change: give --retention, --cap or --tag.');
  return {
    workspace: workspace.key,
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(cap === undefined ? {} : { dailyCapGb: cap }),
    ...(tags ? { tags } : {}),
  };
}
