import { AppError } from '../../base/errors.ts';
import type { Workspace } from '../../model/estate.ts';
import type { SavedQuery } from '../../model/savedQuery.ts';
import type { LockFact, WorkspaceConfiguration } from '../../model/assessment/facts.ts';
import type { WorkspaceFeatures } from '../../ports/baseline.ts';
import type { Intent } from '../changes/changeHandler.ts';
import type { WorkspaceFound } from '../provision/workspaceWanted.ts';
import { asKept } from '../queryPacks/asKept.ts';
import type { WantedQuery } from '../queryPacks/savedQueryHandler.ts';
import type { WantedAssociation } from './handlers/collectionAssociationHandler.ts';
import type { WantedDiagnosticSetting } from './handlers/diagnosticSettingHandler.ts';
import type { WantedLock } from './handlers/lockHandler.ts';
import { partOf } from './readLists.ts';
import type { ListAnswer } from './readLists.ts';
import type { Setting } from './setting.ts';

/** What there is of a setting, as its handler reads it; the intent may have another target: what is there is kept. */
export interface Located {
  readonly intent: Intent;
  readonly now: unknown;
}

/**
 * Finds in a list what a setting is about. What serves the same purpose under another name (a function's alias, a
 * setting to the same workspace, a lock of the same level) is taken for it, so that nothing is made twice. Throws the
 * reason where the list does not tell.
 */
export function locate(setting: Setting, list: ListAnswer): Located {
  const { intent, owner, workspace } = setting;
  const target = intent.target.toLowerCase();
  switch (list.kind) {
    case 'estate':
      return { intent, now: toFound(workspace!) };
    case 'configurations': {
      const found = list.answer.value.get(workspace!.key);
      if (!found)
        throw new AppError('access.noPath', `Resource Graph does not show the settings of ${workspace!.name}.`);
      return { intent, now: toFeatures(found) };
    }
    case 'containers': {
      const found = partOf(list.answer, owner).find(({ armId }) => armId === target);
      if (!found) throw new AppError('access.noPath', `Resource Graph does not show the tags of ${setting.where}.`);
      return { intent, now: found.tags };
    }
    case 'tables': {
      const found = list.answer.find(({ name }) => target.endsWith(`/tables/${name.toLowerCase()}`));
      return { intent, now: found };
    }
    case 'savedSearches':
      return locateQuery(intent as Intent<WantedQuery>, list.answer);
    case 'diagnostics': {
      const { sends } = (intent as Intent<WantedDiagnosticSetting>).wanted;
      const to = sends?.workspace.toLowerCase();
      const same = list.answer.find(({ name }) => target.endsWith(`/diagnosticsettings/${name.toLowerCase()}`));
      const found = list.answer.find((one) => one.workspace === to) ?? same;
      return {
        intent: found ? { ...intent, target: targetOf(intent.target, found.name) } : intent,
        now: found,
      };
    }
    case 'locks':
      return locateLock(intent as Intent<WantedLock>, list.answer.value);
    case 'agentRules':
      return { intent, now: partOf(list.answer, owner).find(({ armId }) => armId === target) };
    case 'alerting':
      return { intent, now: partOf(list.answer, owner).find(({ armId }) => armId === target)?.state };
    case 'rules': {
      const { rule = '' } = (intent as Intent<WantedAssociation>).wanted;
      const machine = target.slice(0, target.indexOf('/providers/microsoft.insights/'));
      const found = partOf(list.answer, owner).find(({ id }) => id === rule.toLowerCase());
      return { intent, now: found?.machines.includes(machine) ? { rule: found.id } : undefined };
    }
    case 'delegations': {
      const scope = intent.target.toLowerCase();
      return { intent, now: partOf(list.answer, owner).filter((one) => one.scope === scope) };
    }
  }
}

function targetOf(target: string, name: string): string {
  return `${target.slice(0, target.lastIndexOf('/'))}/${name}`;
}

function locateQuery(intent: Intent<WantedQuery>, list: readonly SavedQuery[]): Located {
  const { functionAlias, name } = intent.wanted;
  const same = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();
  const found =
    list.find((query) =>
      functionAlias === undefined
        ? query.functionAlias === undefined && same(query.name, name)
        : same(query.functionAlias, functionAlias),
    ) ?? list.find(({ armId }) => same(armId, intent.target));
  if (!found) return { intent, now: undefined };
  return {
    intent: { ...intent, target: found.armId, wanted: { ...asKept(found, intent.wanted), place: intent.wanted.place } },
    now: found,
  };
}

/** A ReadOnly lock does what CanNotDelete does, and one from above holds beneath. */
function locateLock(intent: Intent<WantedLock>, list: readonly LockFact[]): Located {
  const { scope, lock, name } = intent.wanted;
  const at = scope.toLowerCase();
  const enough = list.find(
    (one) =>
      (at === one.scope || at.startsWith(`${one.scope}/`)) && (one.level === lock?.level || one.level === 'ReadOnly'),
  );
  if (enough && lock) return { intent, now: { ...enough, level: lock.level } };
  const same = list.find((one) => one.scope === at && one.name.toLowerCase() === name.toLowerCase());
  return { intent, now: same };
}

function toFeatures(configuration: WorkspaceConfiguration): WorkspaceFeatures {
  const { sku, commitmentGb, resourcePermissions, localAuth, publicIngestion, publicQuery } = configuration;
  return {
    sku,
    ...(commitmentGb === undefined ? {} : { commitmentGb }),
    resourcePermissions,
    workspaceKeys: localAuth,
    publicIngestion,
    publicQuery,
  };
}

function toFound({
  key: _key,
  customer: _customer,
  paths: _paths,
  cap: _cap,
  ...workspace
}: Workspace): WorkspaceFound {
  return {
    now: { name: workspace.name, region: workspace.region, provisioningState: 'Succeeded', listing: workspace },
    deleted: undefined,
    deletedKnown: true,
  };
}
