import { mayDo } from '../access.ts';
import { key } from '../armId.ts';
import { armError } from '../router.ts';
import type { DiagnosticSetting } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { authorizationFailed } from './gate.ts';
import { NO_DESTINATION } from './diagnosticSettings.ts';
import { readInput } from './workspaces.ts';

const TYPE = 'microsoft.aadiam/diagnosticSettings';
const AT = '/providers/microsoft.aadiam/diagnosticSettings';
/** Settings that one tenant may have. */
const MOST_SETTINGS = 5;

/**
 * Diagnostic settings of Microsoft Entra ID: those of the token's own tenant, which no subscription and no delegation
 * leads to. Shapes: azure-rest-api-specs, azureactivedirectory 2017-04-01, examples/listDiagnosticSettings.json.
 */
export function registerEntraDiagnostics(gate: ArmGate): void {
  const { world } = gate;
  const add = (
    method: string,
    path: string,
    verb: 'read' | 'write' | 'delete',
    handler: (call: ArmCall) => ReturnType<Parameters<ArmGate['add']>[3]>,
  ): void => {
    const action = `${TYPE}/${verb}`;
    gate.add(method, path, { type: TYPE }, (call) => {
      if (!mayDo(call.grants, action, AT)) throw authorizationFailed(call, action, '/providers/microsoft.aadiam');
      return handler(call);
    });
  };
  const indexOf = (call: ArmCall): number =>
    world.diagnosticSettings.findIndex(
      ({ name, resourceId }) => key(name) === key(call.ctx.params['name']!) && resourceId === placeOf(call),
    );
  add('GET', AT, 'read', (call) => ({
    status: 200,
    body: { value: world.diagnosticSettings.filter(({ resourceId }) => resourceId === placeOf(call)).map(toBody) },
  }));
  add('GET', `${AT}/{name}`, 'read', (call) => {
    const found = world.diagnosticSettings[indexOf(call)];
    if (!found)
      throw armError(404, 'ResourceNotFound', `The diagnostic setting '${call.ctx.params['name']}' was not found.`);
    return { status: 200, body: toBody(found) };
  });
  add('PUT', `${AT}/{name}`, 'write', (call) => {
    const properties =
      readInput<{ properties?: Record<string, unknown> }>(call.ctx.json(), call.ctx.body).properties ?? {};
    if (!['workspaceId', 'storageAccountId', 'eventHubAuthorizationRuleId'].some((name) => properties[name]))
      throw armError(400, 'BadRequest', 'A diagnostic setting needs at least one sink.');
    const setting: DiagnosticSetting = { name: call.ctx.params['name']!, resourceId: placeOf(call), properties };
    const at = indexOf(call);
    const many = world.diagnosticSettings.filter(({ resourceId }) => resourceId === placeOf(call)).length;
    if (at < 0 && many >= MOST_SETTINGS)
      throw armError(400, 'BadRequest', `A tenant has at most ${MOST_SETTINGS} diagnostic settings.`);
    if (at < 0) world.diagnosticSettings.push(setting);
    else world.diagnosticSettings[at] = setting;
    world.touch();
    return { status: 200, body: toBody(setting) };
  });
  add('DELETE', `${AT}/{name}`, 'delete', (call) => {
    const at = indexOf(call);
    if (at < 0) return { status: 204 };
    world.diagnosticSettings.splice(at, 1);
    world.touch();
    return { status: 200 };
  });
}

/** Where a tenant's settings are kept among those of resources. */
export function entraPlace(tenantId: string): string {
  return `/tenants/${key(tenantId)}/providers/microsoft.aadiam`;
}

function placeOf({ claims }: ArmCall): string {
  return entraPlace(claims.tid);
}

function toBody({ name, properties }: DiagnosticSetting): object {
  return {
    id: `/providers/microsoft.aadiam/diagnosticSettings/${name}`,
    type: null,
    name,
    location: null,
    kind: null,
    tags: null,
    properties: {
      ...NO_DESTINATION,
      logs: [],
      ...properties,
    },
    identity: null,
  };
}
