import { mayDo } from '../access.ts';
import { key } from '../armId.ts';
import { armError, type Answer } from '../router.ts';
import type { Subscription } from '../state.ts';
import { authorizationFailed } from './gate.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { REGIONS } from './regions.ts';
import { API_VERSIONS } from './versions.ts';
import { WORKSPACE_TYPE } from './workspaceBody.ts';

const TYPE = 'Microsoft.Resources/providers';
const NAMESPACES = [...new Set(Object.keys(API_VERSIONS).map((type) => type.split('/')[0]!))];

/** Resource providers: what is registered in a subscription, and registering. */
export function registerProviders(gate: ArmGate): void {
  const { world } = gate;
  const action = 'Microsoft.Resources/subscriptions/providers/read';
  const at = '/subscriptions/{subscriptionId}/providers';
  gate.add('GET', at, { type: TYPE, action, list: true }, ({ subscription }) => ({
    status: 200,
    body: { value: NAMESPACES.map((namespace) => toBody(subscription, namespace)) },
  }));
  gate.add('GET', `${at}/{namespace}`, { type: TYPE, action, list: true }, ({ ctx, subscription }) => ({
    status: 200,
    body: toBody(subscription, known(ctx.params['namespace']!)),
  }));
  // The registration of what is not registered must not be refused for not being registered: its own type has no
  // namespace to register. The role is asked for the provider's own action, which a role for one service may hold.
  const change =
    (verb: 'register' | 'unregister') =>
    (call: ArmCall): Answer => {
      const { ctx, subscription, grants } = call;
      const namespace = known(ctx.params['namespace']!);
      const action = `${namespace}/${verb}/action`;
      if (!mayDo(grants, action, ctx.path)) throw authorizationFailed(call, action, ctx.path);
      if (verb === 'unregister') subscription.providers[key(namespace)] = 'Unregistered';
      else if ((subscription.providers[key(namespace)] ?? 'Registered') !== 'Registered') {
        // Region by region, which takes a while; asked for once more meanwhile it goes on as before.
        subscription.providers[key(namespace)] = 'Registering';
        gate.operations.start(ctx.path, [], () => {
          if (subscription.providers[key(namespace)] === 'Registering')
            subscription.providers[key(namespace)] = 'Registered';
        });
      }
      world.touch();
      return { status: 200, body: toBody(subscription, namespace) };
    };
  gate.add('POST', `${at}/{namespace}/register`, { type: TYPE }, change('register'));
  gate.add('POST', `${at}/{namespace}/unregister`, { type: TYPE }, change('unregister'));
}

function known(name: string): string {
  const namespace = NAMESPACES.find((one) => key(one) === key(name));
  if (!namespace) throw armError(404, 'InvalidResourceNamespace', `The resource namespace '${name}' is invalid.`);
  return namespace;
}

function toBody(subscription: Subscription, namespace: string): object {
  return {
    id: `/subscriptions/${subscription.subscriptionId}/providers/${namespace}`,
    namespace,
    registrationPolicy: 'RegistrationRequired',
    registrationState: subscription.providers[key(namespace)] ?? 'Registered',
    resourceTypes: Object.entries(API_VERSIONS)
      .filter(([type]) => type.startsWith(`${namespace}/`))
      .map(([type, apiVersions]) => ({
        resourceType: type.slice(namespace.length + 1),
        locations: REGIONS.filter(
          ({ name }) => type !== WORKSPACE_TYPE || !(subscription.closedRegions ?? []).includes(name),
        ).map((region) => region.displayName),
        apiVersions,
        defaultApiVersion: apiVersions[0],
        capabilities: 'None',
      })),
  };
}
