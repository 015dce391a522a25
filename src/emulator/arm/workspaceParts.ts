import { createHash } from 'node:crypto';
import { key, workspaceScope } from '../armId.ts';
import { freshGuid } from '../ids.ts';
import { armError, type Answer } from '../router.ts';
import type { Workspace, World } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { registerLinkedServices } from './linkedServices.ts';
import { resourceNotFound, WORKSPACE_TYPE, workspaceOf } from './workspaceBody.ts';

const ONE =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{workspace}';

/**
 * What hangs on a workspace besides tables and saved searches: keys, usage, schema, tiers, solutions, linked services.
 */
export function registerWorkspaceParts(gate: ArmGate): void {
  const { world } = gate;
  const get = (path: string, action: string, answer: (workspace: Workspace, call: ArmCall) => object): void => {
    gate.add('GET', `${ONE}/${path}`, { type: WORKSPACE_TYPE, action: `${WORKSPACE_TYPE}/${action}` }, (call) => ({
      status: 200,
      body: answer(workspaceOf(world, call.ctx), call),
    }));
  };
  const post = (path: string, answer: (workspace: Workspace, call: ArmCall) => Answer): void => {
    gate.add('POST', `${ONE}/${path}`, { type: WORKSPACE_TYPE, action: `${WORKSPACE_TYPE}/${path}/action` }, (call) =>
      answer(workspaceOf(world, call.ctx), call),
    );
  };

  const keys = (workspace: Workspace): Answer => ({
    status: 200,
    body: { primarySharedKey: workspace.keys.primary, secondarySharedKey: workspace.keys.secondary },
  });
  post('sharedKeys', keys);
  post('regenerateSharedKey', (workspace) => {
    const made = createHash('sha512').update(freshGuid()).digest('base64');
    workspace.keys = { primary: made, secondary: workspace.keys.primary };
    world.touch();
    return keys(workspace);
  });

  get('usages', 'usages/read', (workspace) => {
    const { dailyQuotaGb, quotaNextResetTime } = workspace.properties.workspaceCapping;
    return {
      value: [
        {
          name: { value: 'DataAnalyzed', localizedValue: 'Data Analyzed' },
          unit: 'Bytes',
          currentValue: workspace.ingestedTodayBytes,
          limit: dailyQuotaGb < 0 ? -1 : dailyQuotaGb * 1_000_000_000,
          nextResetTime: quotaNextResetTime,
          quotaPeriod: 'P1D',
        },
      ],
    };
  });
  get('schema', 'schema/read', (workspace) => ({
    metadata: {
      requestId: freshGuid(),
      resultType: 'schema',
      total: workspace.tables.size,
      top: 0,
      id: freshGuid(),
      coreResponseSize: 0,
      status: 'Successful',
      startTime: world.clock.iso(),
      lastUpdated: world.clock.iso(),
      eTag: workspace.etag,
      sort: [],
      requestTime: 0,
    },
    value: columnNames(world, workspace).map((name) => ({
      name,
      displayName: name,
      type: 'text',
      indexed: true,
      stored: true,
      facet: false,
      ownerType: ['LogManagement'],
    })),
  }));
  get('availableServiceTiers', 'availableservicetiers/read', (workspace) =>
    ['PerGB2018', 'CapacityReservation'].map((serviceTier) => ({
      serviceTier,
      enabled: serviceTier === workspace.properties.sku.name,
      minimumRetention: 30,
      maximumRetention: 730,
      defaultRetention: 30,
      ...(serviceTier === 'CapacityReservation'
        ? { capacityReservationLevel: workspace.properties.sku.capacityReservationLevel ?? 100 }
        : {}),
      lastSkuUpdate: workspace.properties.sku.lastSkuUpdate,
    })),
  );
  get(
    'intelligencePacks',
    'intelligencepacks/read',
    (workspace) =>
      [
        'LogManagement',
        'SecurityInsights',
        'Security',
        'ChangeTracking',
        'Updates',
        'VMInsights',
        'AzureActivity',
        'ContainerInsights',
      ].map((name) => ({
        name,
        enabled: workspace.solutions.includes(name),
        displayName: name,
      })) as unknown as object,
  );
  for (const path of [
    'managementGroups',
    'linkedStorageAccounts',
    'dataSources',
    'storageInsightConfigs',
    'networkSecurityPerimeterConfigurations',
  ]) {
    get(path, `${path}/read`, () => ({ value: [] }));
  }

  for (const [verb, on] of [
    ['Enable', true],
    ['Disable', false],
  ] as const) {
    gate.add(
      'POST',
      `${ONE}/intelligencePacks/{pack}/${verb}`,
      {
        type: WORKSPACE_TYPE,
        action: `${WORKSPACE_TYPE}/intelligencepacks/${verb.toLowerCase()}/action`,
      },
      ({ ctx }) => {
        const workspace = workspaceOf(world, ctx);
        const pack = ctx.params['pack']!;
        workspace.solutions = [...workspace.solutions.filter((name) => key(name) !== key(pack)), ...(on ? [pack] : [])];
        world.touch();
        return { status: 200 };
      },
    );
  }
  registerSentinel(gate);
  registerLinkedServices(gate);
}

function columnNames(world: World, workspace: Workspace): string[] {
  const columns = [...workspace.tables.values()].flatMap(
    (table) => table.columns ?? world.standardTables.get(key(table.name))?.columns ?? [],
  );
  return [...new Set(columns.map(({ name }) => name))];
}

function registerSentinel(gate: ArmGate): void {
  const state = (workspace: Workspace): object => ({
    id: `${workspaceScope(workspace)}/providers/Microsoft.SecurityInsights/onboardingStates/default`,
    name: 'default',
    type: 'Microsoft.SecurityInsights/onboardingStates',
    properties: { customerManagedKey: false },
  });
  const has = (workspace: Workspace): boolean => workspace.solutions.includes('SecurityInsights');
  const route = {
    type: 'Microsoft.SecurityInsights/onboardingStates',
    action: 'Microsoft.SecurityInsights/onboardingStates/read',
  };
  gate.add('GET', `${ONE}/providers/Microsoft.SecurityInsights/onboardingStates`, route, ({ ctx }) => {
    const workspace = workspaceOf(gate.world, ctx);
    return { status: 200, body: { value: has(workspace) ? [state(workspace)] : [] } };
  });
  gate.add('GET', `${ONE}/providers/Microsoft.SecurityInsights/onboardingStates/default`, route, ({ ctx }) => {
    const workspace = workspaceOf(gate.world, ctx);
    if (!has(workspace))
      throw resourceNotFound('Microsoft.SecurityInsights/onboardingStates/default', workspace.resourceGroup);
    return { status: 200, body: state(workspace) };
  });
}

/** Under a workspace, what the emulator does not serve is refused by name rather than denied. */
export function registerNotEmulated(gate: ArmGate): void {
  for (const method of ['GET', 'PUT', 'PATCH', 'POST', 'DELETE']) {
    gate.add(method, `${ONE}/{*rest}`, { type: WORKSPACE_TYPE, readOnly: true, fallback: true }, ({ ctx }) => {
      workspaceOf(gate.world, ctx);
      throw armError(
        501,
        'NotEmulated',
        `The emulator does not serve ${ctx.method} of '${ctx.params['rest']}' on a workspace.`,
      );
    });
  }
}
