import { overOwn, seen } from '../look/overWorkspaces.ts';
import { count, list } from '../look/words.ts';
import type { Check, Found } from './check.ts';

/** A customer's workspaces are reached as guests alone. */
export const guestOnly: Check = {
  id: 'guestOnly',
  title: 'No workspace is reached by guest accounts alone',
  severity: 'medium',
  rule: 'In a tenant of the customer at least one workspace is reached by guest accounts and in no other way. One finding a tenant.',
  why:
    "Each guest is an account to invite, to protect with that tenant's own rules and to remember when somebody leaves, and each tenant wants a " +
    'sign-in of its own. Azure Lighthouse needs neither.',
  remedy:
    'Have the subscriptions delegated with Azure Lighthouse to a group of the provider, then have the guests removed.',
  facts: [],
  judge(customer) {
    const judgement = overOwn(customer, 'configuration', () => undefined);
    const findings = customer.tenants.flatMap(({ id, name }): Found[] => {
      const guests = customer.own.filter(
        ({ workspace: { tenant, paths } }) =>
          tenant === id && paths.length > 0 && paths.every(({ kind }) => kind === 'guest'),
      );
      if (guests.length === 0) return [];
      const names = guests.map(({ workspace }) => workspace.name).sort();
      return [
        {
          severity: 'medium',
          subject: { kind: 'tenant', name },
          title: `${count(names.length, 'workspace')} of ${name} ${names.length === 1 ? 'is' : 'are'} reached by guest accounts alone`,
          evidence: [{ text: list(names), measured: seen(customer) }],
          message: `We reach ${list(names)} with guest accounts in your directory. Azure Lighthouse would let you see and end our access in one place, without accounts of ours; we can send you the template to deploy.`,
        },
      ];
    });
    return { ...judgement, findings };
  },
};
