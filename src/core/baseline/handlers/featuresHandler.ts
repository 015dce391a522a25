import type { Difference } from '../../../model/plan.ts';
import type { BaselinePort, WorkspaceFeatures } from '../../../ports/baseline.ts';
import { featuresBody } from '../../../ports/featuresBody.ts';
import type { ChangeHandler, Effect } from '../../changes/changeHandler.ts';

/** Switches and pricing tier that a workspace is to have; what is absent is left alone. */
export interface WantedFeatures extends Partial<WorkspaceFeatures> {
  /** The workspace, for people. */
  readonly workspace: string;
}

const API_VERSION = '2025-07-01';
const NAMES = {
  sku: 'Pricing tier',
  commitmentGb: 'Commitment',
  resourcePermissions: 'Access by resource permissions',
  workspaceKeys: 'Workspace keys',
  publicIngestion: 'Public ingestion',
  publicQuery: 'Public queries',
} as const;
const FIELDS = Object.keys(NAMES) as readonly (keyof typeof NAMES)[];

/** Pricing tier and switches of workspaces. */
export function featuresHandler(
  port: Pick<BaselinePort, 'features' | 'changeFeatures'>,
): ChangeHandler<WantedFeatures, WorkspaceFeatures> {
  return {
    resource: 'workspaceFeatures',
    noun: 'workspace',
    read: ({ target }, { issuer, signal }) => port.features(issuer, target, signal),
    diff: ({ wanted }, now): Effect => {
      const differences = differencesOf(wanted, now);
      const { workspace } = wanted;
      if (now && differences.length === 0)
        return { action: 'none', title: `Workspace ${workspace} has these switches already`, detail: '', differences };
      return {
        action: 'update',
        title: `Change switches of workspace ${workspace}`,
        detail: differences.map(({ name, before, after }) => `${name}: ${before} -> ${after}`).join(', '),
        differences,
        warnings: warningsOf(wanted, now),
        basis: JSON.stringify(now),
      };
    },
    apply: ({ target, wanted: { workspace: _name, ...change } }, _action, { issuer, signal }) =>
      port.changeFeatures(issuer, target, change, signal),
    verify: ({ wanted }, now) => {
      const [different] = differencesOf(wanted, now);
      return now && !different
        ? { state: 'verified' }
        : {
            state: 'different',
            message: `Workspace ${wanted.workspace} keeps another ${(different?.name ?? 'state').toLowerCase()} than was sent.`,
          };
    },
    describe: ({ wanted }, now) => now && `workspace ${wanted.workspace}`,
    requests: ({ target, wanted: { workspace: _name, ...change } }) => [
      { method: 'PATCH', path: target, apiVersion: API_VERSION, body: featuresBody(change) },
    ],
    commands: ({ target, wanted: { workspace: _name, ...change } }) => [
      [
        ...['rest', '--method', 'patch', '--url', `${target}?api-version=${API_VERSION}`],
        ...['--body', JSON.stringify(featuresBody(change))],
      ],
    ],
    // A template writes a workspace whole: what it leaves out would be reset.
    templateResources: () => [],
  };
}

function differencesOf(wanted: WantedFeatures, now: WorkspaceFeatures | undefined): readonly Difference[] {
  return FIELDS.flatMap((field) => {
    const [before, after] = [now?.[field], wanted[field]];
    return after === undefined || text(before) === text(after)
      ? []
      : [{ name: NAMES[field], before: text(before), after: text(after) }];
  });
}

function text(value: string | number | boolean | undefined): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'number' ? `${value} GB a day` : (value ?? 'none');
}

function warningsOf(wanted: WantedFeatures, now: WorkspaceFeatures | undefined): readonly string[] {
  const { workspace } = wanted;
  return [
    ...(wanted.workspaceKeys === false && now?.workspaceKeys
      ? [`Whatever still sends to ${workspace} with its keys (old agents, the Data Collector API) stops at once.`]
      : []),
    ...(wanted.publicIngestion === false && now?.publicIngestion
      ? [`Machines that reach ${workspace} by the public internet send nothing any more.`]
      : []),
    ...(wanted.publicQuery === false && now?.publicQuery
      ? [`Nobody outside a private network can query ${workspace} any more, Tenantscope neither.`]
      : []),
    ...(wanted.sku === 'CapacityReservation' && now?.sku !== 'CapacityReservation'
      ? [
          `${workspace} pays for ${wanted.commitmentGb ?? 'its'} GB a day whether they come or not, for 31 days at least.`,
        ]
      : []),
  ];
}
