/** The group "silver" of the sample estate: a workspace or two each, and most of the silent machines. */
import type { CustomerPlan } from './estatePlan.ts';

/** One workspace that is reached twice, by Lighthouse and as a guest; its keys are open though nothing uses them. */
export const adatum: CustomerPlan = {
  key: 'adatum',
  name: 'Adatum',
  groups: ['silver', 'eu'],
  tags: { sector: 'consulting', contract: 'monitoring' },
  declared: {
    retentionDays: 90,
    regions: ['germanywestcentral'],
    isolation: false,
    billing: 'customer',
    access: 'customer',
    daily: 'nothing',
    sources: ['machines', 'azure', 'entra'],
  },
  fits: 'distributed',
  tenants: [
    {
      name: 'Adatum',
      domain: 'adatum.com',
      country: 'DE',
      access: 'both',
      offer: { operations: ['Log Analytics Contributor'] },
      workspaces: [
        {
          name: 'adatum-logs',
          region: 'germanywestcentral',
          groups: ['agents', 'windows', 'identity', 'azure', 'firewall'],
          hosts: 6,
          gbPerDay: 8,
          silent: 0.35,
          retention: 90,
          keys: true,
          quirks: ['sitesAsDynamic'],
        },
      ],
    },
  ],
};

/** One workspace that hits its daily cap every day. */
export const tailspin: CustomerPlan = {
  key: 'tailspin',
  name: 'Tailspin Toys',
  groups: ['silver'],
  tags: { sector: 'retail', contract: 'monitoring' },
  declared: {
    retentionDays: 30,
    isolation: false,
    billing: 'provider',
    access: 'provider',
    daily: 'raw',
    sources: ['machines'],
  },
  fits: 'central',
  drift: 'low',
  tenants: [
    {
      name: 'Tailspin Toys',
      domain: 'tailspintoys.com',
      country: 'US',
      access: 'lighthouse',
      workspaces: [
        {
          name: 'tailspin-ops',
          region: 'eastus',
          groups: ['agents', 'windows', 'linux', 'azure', 'identity'],
          hosts: 7,
          gbPerDay: 2.6,
          silent: 0.3,
          cap: 2,
          capHitDaily: true,
        },
      ],
    },
  ],
};

/**
 * Entered as a guest; retired agents in one workspace, Basic and Auxiliary tables in the other. Its sign-ins are to be
 * watched and are collected nowhere.
 */
export const wideworld: CustomerPlan = {
  key: 'wideworld',
  name: 'Wide World Importers',
  groups: ['silver', 'eu'],
  tags: { sector: 'logistics', contract: 'monitoring' },
  declared: {
    retentionDays: 90,
    regions: ['northeurope', 'westeurope'],
    isolation: false,
    billing: 'customer',
    access: 'both',
    daily: 'portion',
    sources: ['machines', 'azure', 'containers', 'entra'],
  },
  fits: 'hybrid',
  tenants: [
    {
      name: 'Wide World Importers',
      domain: 'wideworldimporters.com',
      country: 'IE',
      access: 'guest',
      workspaces: [
        {
          name: 'wwi-logs',
          region: 'northeurope',
          groups: ['agents', 'windows', 'linux', 'azure'],
          hosts: 8,
          gbPerDay: 7,
          silent: 0.3,
          retention: 90,
          legacyAgents: 0.6,
          keys: true,
        },
        {
          name: 'wwi-archive',
          region: 'northeurope',
          groups: ['cheap', 'linux', 'containers'],
          hosts: 3,
          gbPerDay: 30,
          retention: 90,
          tablePlans: { AppTrace_CL: 'Basic', ProxyArchive_CL: 'Auxiliary', ContainerLogV2: 'Basic' },
          totalRetention: { AppTrace_CL: 90, ContainerLogV2: 90 },
        },
      ],
    },
  ],
};

/** Entered as a guest, and only with multi-factor authentication. */
export const proseware: CustomerPlan = {
  key: 'proseware',
  name: 'Proseware',
  groups: ['silver', 'eu'],
  tags: { sector: 'publishing' },
  declared: { retentionDays: 30 },
  tenants: [
    {
      name: 'Proseware',
      domain: 'proseware.com',
      country: 'GB',
      access: 'guest',
      mfaRequired: true,
      workspaces: [
        {
          name: 'proseware-logs',
          region: 'uksouth',
          groups: ['agents', 'windows', 'identity'],
          hosts: 4,
          gbPerDay: 3,
        },
      ],
    },
  ],
};

/** One workspace without a cap that the provider pays for, most of whose computers fell silent. */
export const trey: CustomerPlan = {
  key: 'trey',
  name: 'Trey Research',
  groups: ['silver'],
  tags: { sector: 'research' },
  declared: {
    retentionDays: 30,
    isolation: false,
    billing: 'provider',
    access: 'provider',
    daily: 'raw',
    sources: ['machines'],
  },
  fits: 'central',
  tenants: [
    {
      name: 'Trey Research',
      domain: 'treyresearch.net',
      country: 'AU',
      access: 'lighthouse',
      offer: { operations: ['Log Analytics Contributor'] },
      workspaces: [
        {
          name: 'trey-research',
          region: 'australiaeast',
          groups: ['agents', 'windows', 'linux', 'azure'],
          hosts: 8,
          gbPerDay: 4,
          silent: 0.6,
        },
      ],
    },
  ],
};
