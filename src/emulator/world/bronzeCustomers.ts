/** The group "bronze" of the sample estate: small customers, each with something out of the ordinary. */
import type { CustomerPlan } from './estatePlan.ts';

/** One workspace, which lists a thousand tables. */
export const litware: CustomerPlan = {
  key: 'litware',
  name: 'Litware',
  groups: ['bronze'],
  tags: { sector: 'software' },
  tenants: [
    {
      name: 'Litware',
      domain: 'litware.com',
      country: 'US',
      access: 'lighthouse',
      workspaces: [
        {
          name: 'litware-everything',
          region: 'eastus',
          groups: ['agents', 'linux', 'apps', 'containers', 'azure', 'identity'],
          hosts: 5,
          gbPerDay: 12,
          tableCount: 1000,
        },
      ],
    },
  ],
};

/** Has no workspace of its own: its computers report to the provider's central one. */
export const lucerne: CustomerPlan = {
  key: 'lucerne',
  name: 'Lucerne Publishing',
  groups: ['bronze', 'eu'],
  tags: { sector: 'publishing', architecture: 'central' },
  tenants: [
    {
      name: 'Lucerne Publishing',
      domain: 'lucernepublishing.com',
      country: 'CH',
      access: 'lighthouse',
      workspaces: [],
    },
  ],
};

/**
 * Its computers report to the provider's central workspace too; a small one of its own has identity and activity logs.
 */
export const fourthcoffee: CustomerPlan = {
  key: 'fourthcoffee',
  name: 'Fourth Coffee',
  groups: ['bronze'],
  tags: { sector: 'food', architecture: 'central' },
  tenants: [
    {
      name: 'Fourth Coffee',
      domain: 'fourthcoffee.com',
      country: 'US',
      access: 'lighthouse',
      workspaces: [
        { name: 'fourthcoffee-audit', region: 'eastus', groups: ['identity', 'azure'], hosts: 2, gbPerDay: 0.6 },
      ],
    },
  ],
};

/** The provider has no way into its tenant. */
export const alpine: CustomerPlan = {
  key: 'alpine',
  name: 'Alpine Ski House',
  groups: ['bronze', 'eu'],
  tags: { sector: 'tourism' },
  tenants: [
    {
      name: 'Alpine Ski House',
      domain: 'alpineskihouse.com',
      country: 'AT',
      access: 'none',
      workspaces: [{ name: 'alpine-logs', region: 'westeurope', groups: ['agents', 'linux'], hosts: 3, gbPerDay: 1 }],
    },
  ],
};

/** Hybrid: a workspace of its own, with some retired agents, beside the provider's central one. */
export const coho: CustomerPlan = {
  key: 'coho',
  name: 'Coho Winery',
  groups: ['bronze'],
  tags: { sector: 'food', architecture: 'hybrid' },
  declaredRetention: 30,
  tenants: [
    {
      name: 'Coho Winery',
      domain: 'cohowinery.com',
      country: 'US',
      access: 'lighthouse',
      workspaces: [
        {
          name: 'coho-edge',
          region: 'westus2',
          groups: ['agents', 'linux', 'windows', 'azure'],
          hosts: 4,
          gbPerDay: 3,
          legacyAgents: 0.25,
        },
      ],
    },
  ],
};

/** Being onboarded: its workspace is empty. */
export const graphicdesign: CustomerPlan = {
  key: 'graphicdesign',
  name: 'Graphic Design Institute',
  groups: ['bronze'],
  tags: { sector: 'education', stage: 'onboarding' },
  tenants: [
    {
      name: 'Graphic Design Institute',
      domain: 'graphicdesigninstitute.com',
      country: 'AU',
      access: 'lighthouse',
      workspaces: [{ name: 'gdi-logs', region: 'australiaeast', groups: [], hosts: 0, gbPerDay: 0 }],
    },
  ],
};
