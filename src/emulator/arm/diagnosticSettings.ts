import { key } from '../armId.ts';
import { armError, type RequestContext } from '../router.ts';
import type { DiagnosticSetting } from '../state.ts';
import type { ArmGate } from './gate.ts';
import { readInput } from './workspaces.ts';

const TYPE = 'Microsoft.Insights/diagnosticSettings';

/** Diagnostic settings of any resource or of a subscription. */
export function registerDiagnosticSettings(gate: ArmGate): void {
  const { world } = gate;
  for (const at of ['/subscriptions/{subscriptionId}', '/subscriptions/{subscriptionId}/{*resource}']) {
    const all = `${at}/providers/Microsoft.Insights/diagnosticSettings`;
    gate.add('GET', all, { type: TYPE, action: `${TYPE}/read` }, ({ ctx }) => ({
      status: 200,
      body: {
        value: world.diagnosticSettings
          .filter((setting) => key(setting.resourceId) === key(resourceOf(ctx)))
          .map(toBody),
      },
    }));
    gate.add('GET', `${all}/{name}`, { type: TYPE, action: `${TYPE}/read` }, ({ ctx }) => {
      const found = world.diagnosticSettings[indexOf(ctx)];
      if (!found)
        throw armError(404, 'ResourceNotFound', `The diagnostic setting '${ctx.params['name']}' was not found.`);
      return { status: 200, body: toBody(found) };
    });
    gate.add('PUT', `${all}/{name}`, { type: TYPE, action: `${TYPE}/write` }, ({ ctx }) => {
      const setting: DiagnosticSetting = {
        name: ctx.params['name']!,
        resourceId: resourceOf(ctx),
        properties: readInput<{ properties?: Record<string, unknown> }>(ctx.json(), ctx.body).properties ?? {},
      };
      if (
        !['workspaceId', 'storageAccountId', 'eventHubAuthorizationRuleId', 'marketplacePartnerId'].some(
          (name) => setting.properties[name],
        )
      ) {
        throw armError(
          400,
          'BadRequest',
          'A diagnostic setting needs at least one sink: workspaceId, storageAccountId or eventHubAuthorizationRuleId.',
        );
      }
      const found = indexOf(ctx);
      if (found < 0) world.diagnosticSettings.push(setting);
      else world.diagnosticSettings[found] = setting;
      world.touch();
      return { status: 200, body: toBody(setting) };
    });
    gate.add('DELETE', `${all}/{name}`, { type: TYPE, action: `${TYPE}/delete` }, ({ ctx }) => {
      const found = indexOf(ctx);
      if (found < 0) return { status: 204 };
      world.diagnosticSettings.splice(found, 1);
      world.touch();
      return { status: 200 };
    });
  }
  function indexOf(ctx: RequestContext): number {
    return world.diagnosticSettings.findIndex(
      (setting) => key(setting.name) === key(ctx.params['name']!) && key(setting.resourceId) === key(resourceOf(ctx)),
    );
  }
}

function resourceOf(ctx: RequestContext): string {
  return ctx.path.slice(0, ctx.path.toLowerCase().lastIndexOf('/providers/microsoft.insights/diagnosticsettings'));
}

/** Where a setting may send to, each null where it does not. */
export const NO_DESTINATION = {
  storageAccountId: null,
  serviceBusRuleId: null,
  workspaceId: null,
  eventHubAuthorizationRuleId: null,
  eventHubName: null,
} as const;

/**
 * As azure-cli's recording of test_monitor_diagnostic_settings_workspace has it: the resource's id in lower case, sinks
 * as they were given, null for what is not there.
 */
function toBody(setting: DiagnosticSetting): object {
  return {
    id: `${key(setting.resourceId)}/providers/microsoft.insights/diagnosticSettings/${setting.name}`,
    type: TYPE,
    name: setting.name,
    location: null,
    kind: null,
    tags: null,
    properties: {
      ...NO_DESTINATION,
      metrics: [],
      logs: [],
      logAnalyticsDestinationType: null,
      ...setting.properties,
    },
    identity: null,
  };
}
