import type { Services } from '../../app/services.ts';
import { AppError } from '../../base/errors.ts';
import { EstateIndex } from '../../core/estate/estateIndex.ts';
import { describeDeletion } from '../../core/provision/rules.ts';
import type { Workspace } from '../../model/estate.ts';
import type { WorkspaceChange } from '../../model/plan.ts';
import { numberOf, textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { safeText } from '../output/safeText.ts';
import { EXIT } from '../exitCodes.ts';
import { findWorkspace } from '../scopeOption.ts';
import { carryOut, confirm, readTags } from './workspaceAction.ts';
import type { WorkspaceAction } from './workspaceAction.ts';

/** `workspace update`: retention, daily cap, tags. */
export async function updateWorkspace(action: WorkspaceAction): Promise<number> {
  return onWorkspace(action, async (azure, workspace, owner) => {
    const change = readChange(workspace, action.values);
    const plan = await azure.provisioning.planSettings(change, action.terminal.signal);
    action.terminal.say(safeText(`Change ${workspace.name} of ${owner}: ${describeChange(change)}.`));
    for (const warning of plan.warnings) action.terminal.say(safeText(`Warning: ${warning}`));
    if (!(await confirm(`Change ${workspace.name}?`, action))) return EXIT.complete;
    return carryOut(azure, plan, `Changed ${workspace.name}.`, action);
  });
}

/** `workspace delete`: soft, or for good with the name repeated. */
export async function removeWorkspace(action: WorkspaceAction): Promise<number> {
  const { values, terminal } = action;
  const permanent = values['permanent'] === true;
  return onWorkspace(action, async (azure, workspace, owner) => {
    let typedName = textOf(values, 'name');
    terminal.say(
      safeText(`Delete ${workspace.name} of ${owner}${permanent ? ' permanently, with all its data' : ''}.`),
    );
    if (permanent && typedName === undefined && terminal.interactive && values['plan'] !== true)
      typedName = await terminal.ask(`Type ${workspace.name} to delete it permanently: `);
    if (permanent && typedName !== workspace.name && values['plan'] !== true) {
      throw new AppError(
        'input.notConfirmed',
        `Nothing was done: to delete ${workspace.name} permanently, repeat its name with --name ${workspace.name}.`,
      );
    }
    if (!(await confirm(`Delete ${workspace.name}?`, action))) return EXIT.complete;
    const plan = await azure.provisioning.planDeletion(workspace.key, { permanent, typedName }, terminal.signal);
    return carryOut(azure, plan, describeDeletion(workspace.name, permanent), action);
  });
}

async function onWorkspace(
  action: WorkspaceAction,
  act: (azure: Services, workspace: Workspace, owner: string) => Promise<number>,
): Promise<number> {
  const azure = await openAzure(action.values, action.terminal);
  try {
    const estate = await azure.estate.load({ signal: action.terminal.signal });
    const workspace = findWorkspace(action.name, estate);
    return await act(azure, workspace, EstateIndex.of(estate).customerName(workspace.customer));
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

function describeChange({ retentionDays, dailyCapGb, tags }: WorkspaceChange): string {
  return [
    ...(retentionDays === undefined ? [] : [`retention ${retentionDays} days`]),
    ...(dailyCapGb === undefined ? [] : [dailyCapGb === null ? 'no daily cap' : `daily cap ${dailyCapGb} GB`]),
    ...(tags
      ? [
          `tags ${Object.entries(tags)
            .map(([key, value]) => `${key}=${value}`)
            .join(', ')}`,
        ]
      : []),
  ].join(', ');
}
