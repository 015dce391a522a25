/** The group "gold" of the sample estate: large customers, several workspaces or tenants each. */
import type { CustomerPlan } from './estatePlan.ts';

/** Two tenants, one by Lighthouse and one as a guest; regions declared. */
export const contoso: CustomerPlan = {
  key: 'contoso',
  name: 'Contoso',
  groups: ['gold', 'eu'],
  tags: { sector: 'retail', contract: 'full' },
  declaredRetention: 90,
  declaredRegions: ['westeurope', 'northeurope'],
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
        },
      ],
    },
  ],
};

/** Three workspaces by Lighthouse; in one of them some columns have another type than elsewhere. */
export const fabrikam: CustomerPlan = {
  key: 'fabrikam',
  name: 'Fabrikam',
  groups: ['gold'],
  tags: { sector: 'manufacturing', contract: 'full' },
  declaredRetention: 180,
  declaredRegions: ['westus2'],
  tenants: [
    {
      name: 'Fabrikam',
      domain: 'fabrikam.com',
      country: 'US',
      access: 'lighthouse',
      workspaces: [
        {
          name: 'fabrikam-security',
          region: 'westus2',
          groups: ['identity', 'windows', 'agents', 'network', 'sentinel', 'audit', 'azure'],
          hosts: 7,
          gbPerDay: 27,
          retention: 180,
          quirks: ['bruteForce'],
        },
        {
          name: 'fabrikam-ops',
          region: 'westus2',
          groups: ['agents', 'linux', 'firewall', 'backup', 'azure'],
          hosts: 6,
          gbPerDay: 11,
          silent: 0.25,
          retention: 180,
          quirks: ['severityAsString', 'portAsString'],
        },
        { name: 'fabrikam-dev', region: 'westus2', groups: ['apps', 'agents'], hosts: 3, gbPerDay: 1.5, cap: 3 },
      ],
    },
  ],
};

/** Three workspaces by Lighthouse; the first keeps its logs for less time than was declared. */
export const northwind: CustomerPlan = {
  key: 'northwind',
  name: 'Northwind Traders',
  groups: ['gold'],
  tags: { sector: 'food', contract: 'full' },
  declaredRetention: 365,
  declaredRegions: ['eastus'],
  tenants: [
    {
      name: 'Northwind Traders',
      domain: 'northwindtraders.com',
      country: 'US',
      access: 'lighthouse',
      workspaces: [
        {
          name: 'northwind-core',
          region: 'eastus',
          groups: ['agents', 'windows', 'identity', 'azure', 'network', 'sentinel', 'backup'],
          hosts: 8,
          gbPerDay: 21,
          retention: 30,
        },
        {
          name: 'northwind-stores',
          region: 'eastus',
          groups: ['agents', 'linux', 'firewall', 'network'],
          hosts: 6,
          gbPerDay: 6,
          silent: 0.35,
          retention: 365,
        },
        { name: 'northwind-dev', region: 'eastus', groups: ['apps', 'containers'], hosts: 2, gbPerDay: 1 },
      ],
    },
  ],
};

/** Two tenants by Lighthouse; of one workspace only the resource group is delegated, another was deleted lately. */
export const woodgrove: CustomerPlan = {
  key: 'woodgrove',
  name: 'Woodgrove Bank',
  groups: ['gold', 'eu'],
  tags: { sector: 'finance', contract: 'full' },
  declaredRetention: 730,
  declaredRegions: ['uksouth'],
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
          gbPerDay: 65,
          retention: 730,
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
      workspaces: [
        {
          name: 'woodgrove-trust',
          region: 'uksouth',
          groups: ['identity', 'windows', 'agents', 'azure'],
          hosts: 4,
          gbPerDay: 9,
          silent: 0.3,
          retention: 730,
          made: '2019-04-08T09:30:00Z',
        },
      ],
    },
  ],
};

/** Two tenants, one workspace each, both entered as a guest. */
export const humongous: CustomerPlan = {
  key: 'humongous',
  name: 'Humongous Insurance',
  groups: ['gold', 'eu'],
  tags: { sector: 'finance', contract: 'full' },
  declaredRetention: 365,
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
          quirks: ['severityAsString'],
        },
      ],
    },
  ],
};
