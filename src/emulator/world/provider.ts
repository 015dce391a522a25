/** The provider of the sample estate itself: its own workspaces, one of them central for some customers. */
import type { CustomerPlan } from './estatePlan.ts';

/**
 * The provider's own tenant: a workspace that is central for some customers, with all that is wrong with such a one,
 * and one of its security team, where summaries of others lie.
 */
export const northbridge: CustomerPlan = {
  key: 'northbridge',
  name: 'Northbridge Managed Services',
  groups: ['internal'],
  tags: { tier: 'internal' },
  provider: true,
  declared: { domains: ['northbridge.example'] },
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
          sameComputersAs: { fourthcoffee: 'fourthcoffee-audit' },
          keys: true,
          classic: ['BackupJobs_CL'],
          quirks: ['noDomains'],
          tags: { architecture: 'central' },
        },
        {
          name: 'nb-soc',
          region: 'westeurope',
          groups: ['agents', 'azure', 'linux', 'audit', 'rollup'],
          hosts: 3,
          gbPerDay: 9,
          retention: 730,
          rollupsOf: ['contoso', 'woodgrove'],
          tags: { architecture: 'hybrid' },
        },
      ],
    },
  ],
};
