import { key } from '../armId.ts';
import { armError, type Answer } from '../router.ts';
import type { Subscription } from '../state.ts';
import type { ArmGate } from './gate.ts';
import { REGIONS } from './regions.ts';
import { API_VERSIONS } from './versions.ts';

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
  for (const [verb, state] of [
    ['register', 'Registered'],
    ['unregister', 'Unregistered'],
  ] as const) {
    // The registration of what is not registered must not be refused for not being registered: its own type has no
    // namespace to register.
    gate.add(
      'POST',
      `${at}/{namespace}/${verb}`,
      { type: TYPE, action: `*/${verb}/action` },
      ({ ctx, subscription }): Answer => {
        const namespace = known(ctx.params['namespace']!);
        subscription.providers[key(namespace)] = state;
        world.touch();
        return { status: 200, body: toBody(subscription, namespace) };
      },
    );
  }
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
        locations: REGIONS.map((region) => region.displayName),
        apiVersions,
        defaultApiVersion: apiVersions[0],
        capabilities: 'None',
      })),
  };
}
