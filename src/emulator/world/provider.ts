/** The provider of the sample estate itself: its own workspaces, one of them central for some customers. */
import type { CustomerPlan } from './estatePlan.ts';

/** The provider's own tenant: a workspace that is central for some customers, and one of its security team. */
export const northbridge: CustomerPlan = {
  key: 'northbridge',
  name: 'Northbridge Managed Services',
  groups: ['internal'],
  tags: { tier: 'internal' },
  tenants: [
    {
      name: 'Northbridge Managed Services',
      domain: 'northbridge.example',
      country: 'NL',
      access: 'home',
      workspaces: [
        {
          name: 'nb-central',
          region: 'westeurope',
          groups: ['agents', 'windows', 'linux', 'azure', 'backup'],
          hosts: 4,
          gbPerDay: 14,
          retention: 90,
          sku: 'CapacityReservation',
          commitment: 100,
          sharedWith: ['lucerne', 'fourthcoffee', 'coho'],
          quirks: ['noDomains'],
          tags: { architecture: 'central' },
        },
        {
          name: 'nb-soc',
          region: 'westeurope',
          groups: ['agents', 'identity', 'azure', 'sentinel', 'network', 'linux', 'audit'],
          hosts: 3,
          gbPerDay: 9,
          retention: 365,
          tags: { architecture: 'hybrid' },
        },
      ],
    },
  ],
};
