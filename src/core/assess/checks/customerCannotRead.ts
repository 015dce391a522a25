import { customerSubject, declaredIn, overParts, unreached } from '../look/overWorkspaces.ts';
import { hasData } from '../look/volumes.ts';
import { count, whole } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';
import { workspaceSubject } from './subjects.ts';

/** A customer that is to decide on access cannot read its own logs. */
export const customerCannotRead: Check = {
  id: 'customerCannotRead',
  title: 'The customer can read its own logs',
  severity: 'medium',
  rule:
    'The customers file says that the customer decides on access (customer or both), rows of it lie in a workspace of the provider, and no ' +
    'workspace of its own has had data in 30 days.',
  why: "Its auditors and administrators depend on the provider for every look, and a role in the shared workspace would show them others' rows.",
  remedy:
    'Give it a workspace of its own, and send there. A summary at the centre is enough for what the provider compares.',
  facts: ['usage', 'attribution'],
  judge(customer) {
    const { access, regions } = customer.customer.declared ?? {};
    if (access !== 'customer' && access !== 'both')
      return { findings: [], unknown: [], notApplicable: 'It is not declared to decide on access.' };
    const parts = overParts(customer, () => undefined);
    const held = customer.central.filter(({ rows }) => rows > 0);
    if (held.length === 0) return parts;
    const unknown = [...parts.unknown, ...unreached(customer, 'usage')];
    const before = unknown.length;
    const own = customer.own.map((facts) => known(facts.usage, 'usage', workspaceSubject(facts), unknown));
    if (own.some((usage) => usage && hasData(usage))) return { findings: [], unknown: parts.unknown };
    if (unknown.length > before || customer.tenants.some(({ state }) => state !== 'entered'))
      return { findings: [], unknown };
    const rows = held.reduce((sum, part) => sum + part.rows, 0);
    return {
      findings: [
        {
          severity: 'medium',
          subject: customerSubject(customer),
          title: `${customer.customer.name} cannot read the ${count(rows, 'row')} a day that lie at the centre, and has no logs of its own`,
          evidence: [
            ...held.map((part) => ({
              text: `${whole(part.rows)} rows of the last day`,
              measured: part.shared.attribution,
            })),
            { text: `Who decides on access: ${access}`, measured: declaredIn(customer, 'access') },
          ],
          actions: [{ kind: 'provisionWorkspace', ...(regions?.[0] ? { region: regions[0] } : {}) }],
        },
      ],
      unknown,
    };
  },
};
