/** The group "bronze" of the sample estate: small customers, each with something out of the ordinary. */
import type { CustomerPlan } from './estatePlan.ts';

/** One workspace, which lists a thousand tables. Nothing is wrong with it. */
export const litware: CustomerPlan = {
  key: 'litware',
  name: 'Litware',
  groups: ['bronze'],
  tags: { sector: 'software' },
  declared: {
    retentionDays: 30,
    regions: ['eastus'],
    isolation: true,
    billing: 'customer',
    access: 'customer',
    daily: 'nothing',
    sources: ['machines', 'azure', 'entra', 'containers', 'applications'],
    contact: 'Litware platform team <platform@litware.com>',
  },
  fits: 'distributed',
  tenants: [
    {
      name: 'Litware',
      domain: 'litware.com',
      country: 'US',
      access: 'lighthouse',
      offer: { operations: ['Log Analytics Contributor'] },
      workspaces: [
        {
          name: 'litware-everything',
          region: 'eastus',
          groups: ['agents', 'linux', 'apps', 'containers', 'azure', 'identity'],
          hosts: 5,
          gbPerDay: 12,
          tableCount: 1000,
          locked: true,
        },
      ],
    },
  ],
};

/**
 * Has no workspace of its own: its computers report to the provider's central one, though its logs are to stay in
 * Switzerland, apart from everybody's, and it wants to read them itself.
 */
export const lucerne: CustomerPlan = {
  key: 'lucerne',
  name: 'Lucerne Publishing',
  groups: ['bronze', 'eu'],
  tags: { sector: 'publishing', architecture: 'central' },
  declared: {
    retentionDays: 90,
    regions: ['switzerlandnorth'],
    isolation: true,
    billing: 'customer',
    access: 'customer',
    daily: 'summary',
    sources: ['machines'],
    domains: ['lucernepublishing.com'],
  },
  fits: 'hybrid',
  tenants: [
    {
      name: 'Lucerne Publishing',
      domain: 'lucernepublishing.com',
      country: 'CH',
      access: 'lighthouse',
      offer: { operations: ['Log Analytics Contributor'] },
      region: 'switzerlandnorth',
      workspaces: [],
    },
  ],
};

/**
 * Its computers report to the provider's central workspace, two of them to its own as well; that one also has identity
 * and activity logs. A role was delegated that cannot read anything this way.
 */
export const fourthcoffee: CustomerPlan = {
  key: 'fourthcoffee',
  name: 'Fourth Coffee',
  groups: ['bronze'],
  tags: { sector: 'food', architecture: 'central' },
  declared: {
    retentionDays: 90,
    isolation: false,
    billing: 'customer',
    access: 'both',
    daily: 'portion',
    sources: ['machines', 'azure', 'entra'],
    domains: ['fourthcoffee.com'],
  },
  fits: 'hybrid',
  tenants: [
    {
      name: 'Fourth Coffee',
      domain: 'fourthcoffee.com',
      country: 'US',
      access: 'lighthouse',
      offer: { readers: 'Log Analytics Data Reader' },
      workspaces: [
        {
          name: 'fourthcoffee-audit',
          region: 'eastus',
          groups: ['identity', 'azure', 'agents'],
          hosts: 2,
          gbPerDay: 0.6,
          retention: 90,
        },
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

/** Hybrid: a workspace of its own that sums itself up, with a retired agent, beside the provider's central one. */
export const coho: CustomerPlan = {
  key: 'coho',
  name: 'Coho Winery',
  groups: ['bronze'],
  tags: { sector: 'food', architecture: 'hybrid' },
  declared: {
    retentionDays: 30,
    isolation: false,
    billing: 'both',
    access: 'both',
    daily: 'portion',
    sources: ['machines', 'azure'],
    domains: ['cohowinery.com'],
  },
  fits: 'hybrid',
  tenants: [
    {
      name: 'Coho Winery',
      domain: 'cohowinery.com',
      country: 'US',
      access: 'lighthouse',
      offer: { endless: true },
      workspaces: [
        {
          name: 'coho-edge',
          region: 'westus2',
          groups: ['agents', 'linux', 'windows', 'azure', 'summary'],
          hosts: 4,
          gbPerDay: 3,
          legacyAgents: 0.25,
          keys: true,
        },
      ],
    },
  ],
};

/** Being onboarded: its workspace is empty, and its machines have an agent that nobody told where to send to. */
export const graphicdesign: CustomerPlan = {
  key: 'graphicdesign',
  name: 'Graphic Design Institute',
  groups: ['bronze'],
  tags: { sector: 'education', stage: 'onboarding' },
  declared: {
    retentionDays: 30,
    isolation: false,
    billing: 'provider',
    access: 'provider',
    daily: 'raw',
    sources: ['machines'],
  },
  fits: 'central',
  drift: 'high',
  tenants: [
    {
      name: 'Graphic Design Institute',
      domain: 'graphicdesigninstitute.com',
      country: 'AU',
      access: 'lighthouse',
      waiting: [
        { name: 'gdi-dc01', os: 'Windows' },
        { name: 'gdi-web01', os: 'Linux' },
      ],
      workspaces: [{ name: 'gdi-logs', region: 'australiaeast', groups: [], hosts: 0, gbPerDay: 0 }],
    },
  ],
};
