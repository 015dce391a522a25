import { AppError } from '../../base/errors.ts';
import { choosePath } from '../../core/estate/path.ts';
import { EstateIndex } from '../../core/estate/estateIndex.ts';
import type { Issuer } from '../../ports/issuer.ts';
import {
  changeWorkspace,
  deleteWorkspace,
  describeDeletion,
  warnOfChange,
} from '../../core/provision/changeWorkspace.ts';
import type { Workspace } from '../../model/estate.ts';
import type { WorkspaceChange } from '../../model/plan.ts';
import { numberOf, textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { safeText } from '../output/safeText.ts';
import type { AzureSession } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { findWorkspace } from '../scopeOption.ts';
import { confirm, finish, readTags, showProgress } from './workspaceAction.ts';
import type { WorkspaceAction } from './workspaceAction.ts';

/** `workspace update`: retention, daily cap, tags. */
export async function updateWorkspace(action: WorkspaceAction): Promise<number> {
  return onWorkspace(action, async (azure, workspace, issuer, owner) => {
    const change = readChange(workspace, action.values);
    const warning = warnOfChange(workspace, change);
    action.terminal.say(safeText(`Change ${workspace.name} of ${owner}: ${describeChange(change)}.`));
    if (warning !== undefined) action.terminal.say(`Warning: ${warning}`);
    if (!(await confirm(`Change ${workspace.name}?`, action))) return EXIT.complete;
    const listing = await changeWorkspace(azure.provision, issuer, workspace.armId, change, action.terminal.signal);
    return finish(
      {
        ok: true,
        workspace: workspace.key,
        done: ['updateWorkspace'],
        exists: [`workspace ${listing.name} in ${listing.region}`],
      },
      `Changed ${workspace.name}.`,
      action,
    );
  });
}

/** `workspace delete`: soft, or for good with the name repeated. */
export async function removeWorkspace(action: WorkspaceAction): Promise<number> {
  const { values, terminal } = action;
  const permanent = values['permanent'] === true;
  return onWorkspace(action, async (azure, workspace, issuer, owner) => {
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
    const deletion = {
      armId: workspace.armId,
      name: workspace.name,
      permanent,
      ...(typedName === undefined ? {} : { typedName }),
    };
    const result = await deleteWorkspace(
      azure.provision,
      issuer,
      deletion,
      (progress) => {
        showProgress(progress, action);
      },
      terminal.signal,
    );
    return finish(result, describeDeletion(workspace.name, permanent), action);
  });
}

async function onWorkspace(
  action: WorkspaceAction,
  act: (azure: AzureSession, workspace: Workspace, issuer: Issuer, owner: string) => Promise<number>,
): Promise<number> {
  const azure = await openAzure(action.values, action.terminal);
  try {
    const estate = await azure.estate.load({ signal: action.terminal.signal });
    const workspace = findWorkspace(action.name, estate);
    const path = choosePath(workspace);
    if (!path)
      throw new AppError(
        'access.noPath',
        `No signed-in account reaches ${workspace.name}. Sign in, or ask for access.`,
      );
    return await act(
      azure,
      workspace,
      { account: path.account, tenant: path.issuer },
      EstateIndex.of(estate).customerName(workspace.customer),
    );
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
