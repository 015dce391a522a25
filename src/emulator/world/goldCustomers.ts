/** The group "gold" of the sample estate: large customers, several workspaces or tenants each. */
import type { CustomerPlan } from './estatePlan.ts';

/**
 * Two tenants, one by Lighthouse and one as a guest; a summary of it lies with the provider. Pays for more volume than
 * it has.
 */
export const contoso: CustomerPlan = {
  key: 'contoso',
  name: 'Contoso',
  groups: ['gold', 'eu'],
  tags: { sector: 'retail', contract: 'full' },
  declared: {
    retentionDays: 90,
    regions: ['westeurope', 'northeurope'],
    isolation: false,
    billing: 'customer',
    access: 'both',
    daily: 'summary',
    sources: ['machines', 'azure', 'entra', 'microsoft365', 'containers', 'applications', 'network'],
    domains: ['contoso.com', 'labs.contoso.com'],
    contact: 'Megan Bowen <megan@contoso.com>',
  },
  fits: 'hybrid',
  tenants: [
    {
      name: 'Contoso',
      domain: 'contoso.com',
      country: 'NL',
      access: 'lighthouse',
      workspaces: [
        {
          name: 'contoso-prod',
          region: 'westeurope',
          groups: [
            'agents',
            'windows',
            'linux',
            'identity',
            'azure',
            'network',
            'sentinel',
            'audit',
            'firewall',
            'backup',
          ],
          hosts: 10,
          gbPerDay: 42,
          retention: 90,
          sku: 'CapacityReservation',
          commitment: 100,
          quirks: ['bruteForce'],
        },
        {
          name: 'contoso-apps',
          region: 'westeurope',
          groups: ['apps', 'containers', 'azure', 'agents'],
          hosts: 4,
          gbPerDay: 18,
          retention: 90,
          cap: 40,
        },
      ],
    },
    {
      name: 'Contoso Labs',
      domain: 'labs.contoso.com',
      country: 'NL',
      access: 'guest',
      workspaces: [
        {
          name: 'contoso-labs',
          region: 'northeurope',
          groups: ['agents', 'linux', 'containers'],
          hosts: 4,
          gbPerDay: 2,
          retention: 90,
        },
      ],
    },
  ],
};

/**
 * Three workspaces by Lighthouse; in one of them some columns have another type than elsewhere. The firewalls fell
 * silent three days ago, and a forgotten rule sends to the provider though its logs are to be apart.
 */
export const fabrikam: CustomerPlan = {
  key: 'fabrikam',
  name: 'Fabrikam',
  groups: ['gold'],
  tags: { sector: 'manufacturing', contract: 'full' },
  declared: {
    retentionDays: 180,
    regions: ['westus2'],
    isolation: true,
    billing: 'customer',
    access: 'customer',
    daily: 'nothing',
    sources: ['machines', 'azure', 'entra', 'applications', 'network'],
    confidentialQueries: true,
    contact: 'Fabrikam security desk <security@fabrikam.com>',
  },
  drift: 'high',
  fits: 'distributed',
  tenants: [
    {
      name: 'Fabrikam',
      domain: 'fabrikam.com',
      country: 'US',
      access: 'lighthouse',
      offer: { operations: ['Contributor', 'User Access Administrator'] },
      locked: 'group',
      rules: [{ name: 'dcr-trial', to: 'nb-soc' }],
      workspaces: [
        {
          name: 'fabrikam-security',
          region: 'westus2',
          groups: ['identity', 'windows', 'agents', 'network', 'sentinel', 'audit', 'azure'],
          hosts: 7,
          gbPerDay: 27,
          retention: 180,
          quirks: ['bruteForce'],
          silentTables: { CommonSecurityLog: 3 },
        },
        {
          name: 'fabrikam-ops',
          region: 'westus2',
          groups: ['agents', 'linux', 'firewall', 'backup', 'azure'],
          hosts: 6,
          gbPerDay: 11,
          silent: 0.25,
          retention: 180,
          classic: ['BackupJobs_CL'],
          quirks: ['severityAsString', 'portAsString'],
        },
        {
          name: 'fabrikam-dev',
          region: 'westus2',
          groups: ['apps', 'agents'],
          hosts: 3,
          gbPerDay: 1.5,
          cap: 3,
          retention: 180,
        },
      ],
    },
  ],
};

/**
 * Three workspaces by Lighthouse; the first keeps its logs for less time than was declared, and one of its tables is
 * protected. Three machines send nothing anywhere.
 */
export const northwind: CustomerPlan = {
  key: 'northwind',
  name: 'Northwind Traders',
  groups: ['gold'],
  tags: { sector: 'food', contract: 'full' },
  declared: {
    retentionDays: 365,
    regions: ['eastus'],
    isolation: false,
    billing: 'customer',
    access: 'both',
    daily: 'summary',
    sources: ['machines', 'azure', 'entra', 'containers', 'applications', 'network'],
  },
  fits: 'hybrid',
  tenants: [
    {
      name: 'Northwind Traders',
      domain: 'northwindtraders.com',
      country: 'US',
      access: 'lighthouse',
      offer: { operations: ['Log Analytics Contributor'] },
      unmonitored: 3,
      workspaces: [
        {
          name: 'northwind-core',
          region: 'eastus',
          groups: ['agents', 'windows', 'identity', 'azure', 'network', 'sentinel', 'backup'],
          hosts: 8,
          gbPerDay: 21,
          retention: 30,
          locked: true,
          protected: ['OfficeActivity'],
        },
        {
          name: 'northwind-stores',
          region: 'eastus',
          groups: ['agents', 'linux', 'firewall', 'network'],
          hosts: 6,
          gbPerDay: 6,
          silent: 0.35,
          retention: 365,
          classic: ['ColdChain_CL'],
        },
        {
          name: 'northwind-dev',
          region: 'eastus',
          groups: ['apps', 'containers'],
          hosts: 2,
          gbPerDay: 1,
          retention: 365,
        },
      ],
    },
  ],
};

/**
 * Two tenants by Lighthouse; of one workspace only the resource group is delegated, another was deleted lately. A
 * summary of it lies with the provider. The subscription of the second tenant is suspended.
 */
export const woodgrove: CustomerPlan = {
  key: 'woodgrove',
  name: 'Woodgrove Bank',
  groups: ['gold', 'eu'],
  tags: { sector: 'finance', contract: 'full' },
  declared: {
    retentionDays: 730,
    regions: ['uksouth', 'westeurope'],
    isolation: true,
    billing: 'customer',
    access: 'customer',
    daily: 'summary',
    sources: ['machines', 'azure', 'entra', 'network'],
    domains: ['woodgrovebank.com', 'woodgrovetrust.com'],
    contact: 'Woodgrove SOC <soc@woodgrovebank.com>',
  },
  fits: 'hybrid',
  tenants: [
    {
      name: 'Woodgrove Bank',
      domain: 'woodgrovebank.com',
      country: 'GB',
      access: 'lighthouse',
      lock: { name: 'do-not-delete', notes: "A bank's records: ask compliance", by: 'compliance@woodgrovebank.com' },
      workspaces: [
        {
          name: 'woodgrove-sentinel',
          region: 'uksouth',
          groups: ['identity', 'windows', 'agents', 'network', 'sentinel', 'audit', 'azure'],
          hosts: 8,
          gbPerDay: 150,
          retention: 730,
          totalRetention: { SecurityEvent: 365 },
          groupDelegation: true,
          quirks: ['bruteForce'],
        },
        {
          name: 'woodgrove-old',
          region: 'uksouth',
          groups: ['agents', 'windows'],
          hosts: 3,
          gbPerDay: 0,
          softDeleted: true,
        },
      ],
    },
    {
      name: 'Woodgrove Trust',
      domain: 'woodgrovetrust.com',
      country: 'GB',
      access: 'lighthouse',
      offer: { operations: ['Log Analytics Contributor'] },
      workspaces: [
        {
          name: 'woodgrove-trust',
          region: 'uksouth',
          groups: ['identity', 'windows', 'agents', 'azure'],
          hosts: 4,
          gbPerDay: 9,
          silent: 0.3,
          suspendedDays: 2,
          retention: 730,
          made: '2019-04-08T09:30:00Z',
        },
      ],
    },
  ],
};

/**
 * Two tenants, one workspace each, both entered as a guest. One sends into another customer's workspace by mistake; of
 * the other the machines stand elsewhere, and its export is off.
 */
export const humongous: CustomerPlan = {
  key: 'humongous',
  name: 'Humongous Insurance',
  groups: ['gold', 'eu'],
  tags: { sector: 'finance', contract: 'full' },
  declared: {
    retentionDays: 365,
    isolation: true,
    billing: 'customer',
    access: 'customer',
    daily: 'nothing',
    sources: ['machines', 'azure', 'entra', 'network'],
  },
  fits: 'distributed',
  tenants: [
    {
      name: 'Humongous Insurance Europe',
      domain: 'humongousinsurance.eu',
      country: 'DE',
      access: 'guest',
      workspaces: [
        {
          name: 'humongous-eu',
          region: 'germanywestcentral',
          groups: ['identity', 'windows', 'agents', 'network', 'sentinel', 'azure', 'firewall'],
          hosts: 7,
          gbPerDay: 33,
          retention: 365,
          away: { region: 'westeurope', hosts: 3 },
          exports: [{ name: 'archive', tables: ['SecurityEvent', 'SigninLogs'], enabled: false }],
        },
      ],
    },
    {
      name: 'Humongous Insurance',
      domain: 'humongousinsurance.com',
      country: 'US',
      access: 'guest',
      workspaces: [
        {
          name: 'humongous-us',
          region: 'eastus',
          groups: ['identity', 'windows', 'agents', 'network', 'azure', 'firewall'],
          hosts: 6,
          gbPerDay: 24,
          silent: 0.2,
          retention: 365,
          keys: true,
          settings: [{ name: 'copied-template', categories: ['SummaryLogs'], to: 'tailspin-ops' }],
          quirks: ['severityAsString'],
        },
      ],
    },
  ],
};
