import type { FactName, Measurement, WorkspaceFacts } from '../../../model/assessment/facts.ts';
import type { FindingSubject, Unknown } from '../../../model/assessment/findings.ts';
import type { CustomerFacts, DestinationOwner } from '../../../model/assessment/subject.ts';
import { known } from '../checks/check.ts';
import { subscriptionOf } from '../destinations.ts';

/** Something that sends logs to a place that is not the customer's own. */
export interface Flow {
  /** `the collection rule dcr-windows`: by a name of the customer's. */
  readonly what: string;
  readonly to: Exclude<DestinationOwner, 'own'>;
  readonly measured: Measurement;
}

/** What the collection rules of the customer's tenants send away. */
export function flowsOfRules(customer: CustomerFacts, unknown: Unknown[]): readonly Flow[] {
  return customer.tenants.flatMap(({ name, facts }) => {
    if (!facts) return [];
    const subject: FindingSubject = { kind: 'tenant', name };
    return (known(facts.rules, 'rules', subject, unknown) ?? []).flatMap(({ id, workspaces }) => {
      const what = `the collection rule ${lastPart(id)}`;
      return away(customer, what, workspaces, facts.rules, unknown, subject, 'rules');
    });
  });
}

/** What the export rules and diagnostic settings of a workspace send away. */
export function flowsOfWorkspace(
  customer: CustomerFacts,
  facts: WorkspaceFacts,
  subject: FindingSubject,
  unknown: Unknown[],
): readonly Flow[] {
  const exports = known(facts.exports, 'exports', subject, unknown) ?? [];
  const settings = known(facts.diagnostics, 'diagnostics', subject, unknown) ?? [];
  return [
    ...exports
      .filter(({ enabled }) => enabled)
      .flatMap(({ name, destination }) =>
        away(customer, `the export rule ${name}`, [destination], facts.exports, unknown, subject, 'exports'),
      ),
    ...settings.flatMap(({ name, workspace, storage, eventHub }) => {
      const places = [workspace, storage, eventHub].filter((place) => place !== undefined);
      return away(
        customer,
        `the diagnostic setting ${name}`,
        places,
        facts.diagnostics,
        unknown,
        subject,
        'diagnostics',
      );
    }),
  ];
}

function away(
  customer: CustomerFacts,
  what: string,
  places: readonly string[],
  measured: Measurement,
  unknown: Unknown[],
  subject: FindingSubject,
  fact: FactName,
): readonly Flow[] {
  const owners = new Set(places.map((place) => ownerOf(customer, place)));
  if (owners.has('unknown')) {
    const message = `No account lists the subscription that ${what} sends to, so nobody knows whose it is.`;
    unknown.push({ subject, fact, error: { code: 'access.unknownDestination', message, retryable: false } });
  }
  return (['other', 'provider'] as const).filter((to) => owners.has(to)).map((to) => ({ what, to, measured }));
}

function ownerOf(customer: CustomerFacts, armId: string): DestinationOwner {
  const id = subscriptionOf(armId);
  if (id === undefined) return 'unknown';
  const owner = customer.destinations[id];
  if (owner !== undefined) return customer.provider && owner === 'provider' ? 'own' : owner;
  const mine = [
    ...customer.subscriptions.map(({ subscription }) => subscription),
    ...customer.own.map(({ workspace }) => workspace.subscription),
  ];
  if (mine.includes(id)) return 'own';
  return customer.central.some(({ shared }) => shared.workspace.subscription === id) ? 'provider' : 'unknown';
}

function lastPart(armId: string): string {
  return armId.slice(armId.lastIndexOf('/') + 1);
}
