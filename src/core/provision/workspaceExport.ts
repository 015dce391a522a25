import type { WorkspaceRequest } from '../../model/plan.ts';
import type { ChangeAction } from '../../model/changeAction.ts';
import type { ArmRequest } from '../../model/planExport.ts';
import type { WorkspaceBody } from '../../ports/workspaces.ts';
import { templateText } from '../changes/export.ts';
import { requestUrl } from '../changes/formats/requestUrl.ts';
import { nameOf } from '../changes/explain.ts';
import type { WorkspaceWanted } from './workspaceWanted.ts';

/** The body of the PUT that a request means; the template says the same. */
export function toBody(request: WorkspaceRequest): WorkspaceBody {
  return {
    location: request.region,
    tags: request.tags,
    sku: request.sku.name,
    retentionDays: request.retentionDays,
    dailyCapGb: request.dailyCapGb ?? -1,
    ...(request.sku.name === 'CapacityReservation' ? { capacityReservationLevel: request.sku.gbPerDay } : {}),
  };
}

const API_VERSION = '2025-07-01';

/** The workspace as a resource of an ARM template, with the values written out as they will be there. */
export function toTemplateResource(request: WorkspaceRequest): object {
  const body = toBody(request);
  const tags = Object.entries(body.tags);
  return {
    type: 'Microsoft.OperationalInsights/workspaces',
    apiVersion: API_VERSION,
    name: templateText(request.name),
    location: body.location,
    ...(tags.length > 0 ? { tags: Object.fromEntries(tags.map(([name, value]) => [name, templateText(value)])) } : {}),
    properties: propertiesOf(request),
  };
}

function propertiesOf(request: WorkspaceRequest): object {
  const { sku, capacityReservationLevel, retentionDays, dailyCapGb } = toBody(request);
  return {
    sku: { name: sku, ...(capacityReservationLevel === undefined ? {} : { capacityReservationLevel }) },
    retentionInDays: retentionDays,
    workspaceCapping: { dailyQuotaGb: dailyCapGb },
  };
}

/** Other settings and deletions as requests; a workspace that is to be there is a resource of a template. */
export function toWorkspaceRequests(path: string, wanted: WorkspaceWanted): readonly ArmRequest[] {
  switch (wanted.kind) {
    case 'present':
      return [];
    case 'absent':
      return [
        {
          method: 'DELETE',
          path,
          apiVersion: API_VERSION,
          ...(wanted.permanent ? { query: { force: 'true' } } : {}),
        },
      ];
    case 'settings': {
      const { retentionDays, dailyCapGb, tags } = wanted.change;
      const properties = {
        ...(retentionDays === undefined ? {} : { retentionInDays: retentionDays }),
        ...(dailyCapGb === undefined ? {} : { workspaceCapping: { dailyQuotaGb: dailyCapGb ?? -1 } }),
      };
      const body = { ...(tags ? { tags } : {}), ...(Object.keys(properties).length > 0 ? { properties } : {}) };
      return [{ method: 'PATCH', path, apiVersion: API_VERSION, body }];
    }
  }
}

const WORKSPACE = ['monitor', 'log-analytics', 'workspace'] as const;

/** The same work as `az` commands, each as its words; as requests where a tag is none that `--tags` takes. */
export function toWorkspaceCommands(target: string, wanted: WorkspaceWanted, action: ChangeAction): string[][] {
  const resourceGroup = target.split('/')[4] ?? '';
  const where = ['--resource-group', resourceGroup, '--workspace-name', nameOf({ target })];
  switch (wanted.kind) {
    case 'absent':
      return [[...WORKSPACE, 'delete', ...where, ...(wanted.permanent ? ['--force', 'true'] : []), '--yes']];
    case 'settings': {
      const { retentionDays, dailyCapGb, tags } = wanted.change;
      if (tags && !areTagWords(tags)) return toWorkspaceRequests(target, wanted).map(restWords);
      return [
        [
          ...WORKSPACE,
          'update',
          ...where,
          ...(retentionDays === undefined ? [] : ['--retention-time', String(retentionDays)]),
          ...(dailyCapGb === undefined ? [] : ['--quota', String(dailyCapGb ?? -1)]),
          ...(tags ? tagWords(tags) : []),
        ],
      ];
    }
    case 'present': {
      const { request } = wanted;
      const settings = [
        '--retention-time',
        String(request.retentionDays),
        '--quota',
        String(request.dailyCapGb ?? -1),
        ...(Object.keys(request.tags).length > 0 ? tagWords(request.tags) : []),
      ];
      const sku =
        request.sku.name === 'CapacityReservation'
          ? ['--sku', request.sku.name, '--capacity-reservation-level', String(request.sku.gbPerDay)]
          : ['--sku', request.sku.name];
      const body = {
        ...(action === 'recover' ? {} : { location: request.region }),
        tags: request.tags,
        properties: propertiesOf(request),
      };
      const whole = restWords({
        method: action === 'recover' ? 'PATCH' : 'PUT',
        path: target,
        apiVersion: API_VERSION,
        body,
      });
      const known = areTagWords(request.tags);
      return action === 'recover'
        ? [[...WORKSPACE, 'recover', ...where], known ? [...WORKSPACE, 'update', ...where, ...settings] : whole]
        : [known ? [...WORKSPACE, 'create', ...where, '--location', request.region, ...sku, ...settings] : whole];
    }
  }
}

function restWords({ method, path, apiVersion, body }: ArmRequest): string[] {
  const url = requestUrl({ path, apiVersion });
  return ['rest', '--method', method.toLowerCase(), '--url', url, ...(body ? ['--body', JSON.stringify(body)] : [])];
}

/**
 * Whether the shorthand syntax of the Azure CLI takes them as they are (azure-cli, azure/cli/core/aaz/_utils.py): dots
 * of a name are a path to it, a quote begins a quoted text, and a text ends with its line.
 */
function areTagWords(tags: Readonly<Record<string, string>>): boolean {
  return Object.entries(tags).every(
    ([name, text]) => /^[\w-]+$/.test(name) && !/^'|\n|^$/.test(text) && text !== 'null' && text !== '??',
  );
}

/** `--tags` without a word takes all tags off. */
function tagWords(tags: Readonly<Record<string, string>>): string[] {
  const words = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  return ['--tags', ...(words.length > 0 ? words : [''])];
}
