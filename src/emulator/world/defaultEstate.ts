import type { CustomerPlan } from './estatePlan.ts';

/**
 * The provider and its customers. All three architectures are here (distributed: most; central: Lucerne Publishing and the shops of Fourth
 * Coffee report to nb-central; hybrid: Coho Winery keeps its logs and sends a portion), every way in, and the mistakes people make.
 */
export const PROVIDER_CUSTOMERS: readonly CustomerPlan[] = [
  { key: 'northbridge', name: 'Northbridge Managed Services', groups: ['internal'], tags: { tier: 'internal' }, tenants: [
    { name: 'Northbridge Managed Services', domain: 'northbridge.example', country: 'NL', access: 'home', workspaces: [
      { name: 'nb-central', region: 'westeurope', groups: ['agents', 'windows', 'linux', 'azure', 'backup'], hosts: 4, gbPerDay: 14, retention: 90, sku: 'CapacityReservation', commitment: 100, sharedWith: ['lucerne', 'fourthcoffee', 'coho'], quirks: ['noDomains'], tags: { architecture: 'central' } },
      { name: 'nb-soc', region: 'westeurope', groups: ['agents', 'identity', 'azure', 'sentinel', 'network', 'linux', 'audit'], hosts: 3, gbPerDay: 9, retention: 365, tags: { architecture: 'hybrid' } },
    ] },
  ] },
  { key: 'contoso', name: 'Contoso', groups: ['gold', 'eu'], tags: { sector: 'retail', contract: 'full' }, declaredRetention: 90, declaredRegions: ['westeurope', 'northeurope'], tenants: [
    { name: 'Contoso', domain: 'contoso.com', country: 'NL', access: 'lighthouse', workspaces: [
      { name: 'contoso-prod', region: 'westeurope', groups: ['agents', 'windows', 'linux', 'identity', 'azure', 'network', 'sentinel', 'audit', 'firewall', 'backup'], hosts: 10, gbPerDay: 42, retention: 90, sku: 'CapacityReservation', commitment: 100, quirks: ['bruteForce'] },
      { name: 'contoso-apps', region: 'westeurope', groups: ['apps', 'containers', 'azure', 'agents'], hosts: 4, gbPerDay: 18, retention: 90, cap: 40 },
    ] },
    { name: 'Contoso Labs', domain: 'labs.contoso.com', country: 'NL', access: 'guest', workspaces: [
      { name: 'contoso-labs', region: 'northeurope', groups: ['agents', 'linux', 'containers'], hosts: 4, gbPerDay: 2 },
    ] },
  ] },
  { key: 'fabrikam', name: 'Fabrikam', groups: ['gold'], tags: { sector: 'manufacturing', contract: 'full' }, declaredRetention: 180, declaredRegions: ['westus2'], tenants: [
    { name: 'Fabrikam', domain: 'fabrikam.com', country: 'US', access: 'lighthouse', workspaces: [
      { name: 'fabrikam-security', region: 'westus2', groups: ['identity', 'windows', 'agents', 'network', 'sentinel', 'audit', 'azure'], hosts: 7, gbPerDay: 27, retention: 180, quirks: ['bruteForce'] },
      { name: 'fabrikam-ops', region: 'westus2', groups: ['agents', 'linux', 'firewall', 'backup', 'azure'], hosts: 6, gbPerDay: 11, silent: 0.25, retention: 180, quirks: ['severityAsString', 'portAsString'] },
      { name: 'fabrikam-dev', region: 'westus2', groups: ['apps', 'agents'], hosts: 3, gbPerDay: 1.5, cap: 3 },
    ] },
  ] },
  { key: 'adatum', name: 'Adatum', groups: ['silver', 'eu'], tags: { sector: 'consulting', contract: 'monitoring' }, declaredRetention: 90, tenants: [
    { name: 'Adatum', domain: 'adatum.com', country: 'DE', access: 'both', workspaces: [
      { name: 'adatum-logs', region: 'germanywestcentral', groups: ['agents', 'windows', 'identity', 'azure', 'firewall'], hosts: 6, gbPerDay: 8, silent: 0.35, retention: 90, quirks: ['sitesAsDynamic'] },
    ] },
  ] },
  { key: 'tailspin', name: 'Tailspin Toys', groups: ['silver'], tags: { sector: 'retail', contract: 'monitoring' }, declaredRetention: 30, tenants: [
    { name: 'Tailspin Toys', domain: 'tailspintoys.com', country: 'US', access: 'lighthouse', workspaces: [
      { name: 'tailspin-ops', region: 'eastus', groups: ['agents', 'windows', 'linux', 'azure', 'identity'], hosts: 7, gbPerDay: 2.6, silent: 0.3, cap: 2, capHitDaily: true },
    ] },
  ] },
  { key: 'northwind', name: 'Northwind Traders', groups: ['gold'], tags: { sector: 'food', contract: 'full' }, declaredRetention: 365, declaredRegions: ['eastus'], tenants: [
    { name: 'Northwind Traders', domain: 'northwindtraders.com', country: 'US', access: 'lighthouse', workspaces: [
      { name: 'northwind-core', region: 'eastus', groups: ['agents', 'windows', 'identity', 'azure', 'network', 'sentinel', 'backup'], hosts: 8, gbPerDay: 21, retention: 30 },
      { name: 'northwind-stores', region: 'eastus', groups: ['agents', 'linux', 'firewall', 'network'], hosts: 6, gbPerDay: 6, silent: 0.35, retention: 365 },
      { name: 'northwind-dev', region: 'eastus', groups: ['apps', 'containers'], hosts: 2, gbPerDay: 1 },
    ] },
  ] },
  { key: 'wideworld', name: 'Wide World Importers', groups: ['silver', 'eu'], tags: { sector: 'logistics', contract: 'monitoring' }, declaredRetention: 90, tenants: [
    { name: 'Wide World Importers', domain: 'wideworldimporters.com', country: 'IE', access: 'guest', workspaces: [
      { name: 'wwi-logs', region: 'northeurope', groups: ['agents', 'windows', 'linux', 'azure'], hosts: 8, gbPerDay: 7, silent: 0.3, retention: 90, legacyAgents: 0.6 },
      { name: 'wwi-archive', region: 'northeurope', groups: ['cheap', 'linux', 'containers'], hosts: 3, gbPerDay: 30, retention: 90, tablePlans: { AppTrace_CL: 'Basic', ProxyArchive_CL: 'Auxiliary', ContainerLogV2: 'Basic' } },
    ] },
  ] },
  { key: 'litware', name: 'Litware', groups: ['bronze'], tags: { sector: 'software' }, tenants: [
    { name: 'Litware', domain: 'litware.com', country: 'US', access: 'lighthouse', workspaces: [
      { name: 'litware-everything', region: 'eastus', groups: ['agents', 'linux', 'apps', 'containers', 'azure', 'identity'], hosts: 5, gbPerDay: 12, tableCount: 1000 },
    ] },
  ] },
  { key: 'proseware', name: 'Proseware', groups: ['silver', 'eu'], tags: { sector: 'publishing' }, declaredRetention: 30, tenants: [
    { name: 'Proseware', domain: 'proseware.com', country: 'GB', access: 'guest', mfaRequired: true, workspaces: [
      { name: 'proseware-logs', region: 'uksouth', groups: ['agents', 'windows', 'identity'], hosts: 4, gbPerDay: 3 },
    ] },
  ] },
  { key: 'woodgrove', name: 'Woodgrove Bank', groups: ['gold', 'eu'], tags: { sector: 'finance', contract: 'full' }, declaredRetention: 730, declaredRegions: ['uksouth'], tenants: [
    { name: 'Woodgrove Bank', domain: 'woodgrovebank.com', country: 'GB', access: 'lighthouse', workspaces: [
      { name: 'woodgrove-sentinel', region: 'uksouth', groups: ['identity', 'windows', 'agents', 'network', 'sentinel', 'audit', 'azure'], hosts: 8, gbPerDay: 65, retention: 730, groupDelegation: true, quirks: ['bruteForce'] },
      { name: 'woodgrove-old', region: 'uksouth', groups: ['agents', 'windows'], hosts: 3, gbPerDay: 0, softDeleted: true },
    ] },
    { name: 'Woodgrove Trust', domain: 'woodgrovetrust.com', country: 'GB', access: 'lighthouse', workspaces: [
      { name: 'woodgrove-trust', region: 'uksouth', groups: ['identity', 'windows', 'agents', 'azure'], hosts: 4, gbPerDay: 9, silent: 0.3, retention: 730 },
    ] },
  ] },
  { key: 'lucerne', name: 'Lucerne Publishing', groups: ['bronze', 'eu'], tags: { sector: 'publishing', architecture: 'central' }, tenants: [
    { name: 'Lucerne Publishing', domain: 'lucernepublishing.com', country: 'CH', access: 'lighthouse', workspaces: [] },
  ] },
  { key: 'trey', name: 'Trey Research', groups: ['silver'], tags: { sector: 'research' }, declaredRetention: 30, tenants: [
    { name: 'Trey Research', domain: 'treyresearch.net', country: 'AU', access: 'lighthouse', workspaces: [
      { name: 'trey-research', region: 'australiaeast', groups: ['agents', 'windows', 'linux', 'azure'], hosts: 8, gbPerDay: 4, silent: 0.6 },
    ] },
  ] },
  { key: 'fourthcoffee', name: 'Fourth Coffee', groups: ['bronze'], tags: { sector: 'food', architecture: 'central' }, tenants: [
    { name: 'Fourth Coffee', domain: 'fourthcoffee.com', country: 'US', access: 'lighthouse', workspaces: [
      { name: 'fourthcoffee-audit', region: 'eastus', groups: ['identity', 'azure'], hosts: 2, gbPerDay: 0.6 },
    ] },
  ] },
  { key: 'humongous', name: 'Humongous Insurance', groups: ['gold', 'eu'], tags: { sector: 'finance', contract: 'full' }, declaredRetention: 365, tenants: [
    { name: 'Humongous Insurance Europe', domain: 'humongousinsurance.eu', country: 'DE', access: 'guest', workspaces: [
      { name: 'humongous-eu', region: 'germanywestcentral', groups: ['identity', 'windows', 'agents', 'network', 'sentinel', 'azure', 'firewall'], hosts: 7, gbPerDay: 33, retention: 365 },
    ] },
    { name: 'Humongous Insurance', domain: 'humongousinsurance.com', country: 'US', access: 'guest', workspaces: [
      { name: 'humongous-us', region: 'eastus', groups: ['identity', 'windows', 'agents', 'network', 'azure', 'firewall'], hosts: 6, gbPerDay: 24, silent: 0.2, retention: 365, quirks: ['severityAsString'] },
    ] },
  ] },
  { key: 'alpine', name: 'Alpine Ski House', groups: ['bronze', 'eu'], tags: { sector: 'tourism' }, tenants: [
    { name: 'Alpine Ski House', domain: 'alpineskihouse.com', country: 'AT', access: 'none', workspaces: [
      { name: 'alpine-logs', region: 'westeurope', groups: ['agents', 'linux'], hosts: 3, gbPerDay: 1 },
    ] },
  ] },
  { key: 'coho', name: 'Coho Winery', groups: ['bronze'], tags: { sector: 'food', architecture: 'hybrid' }, declaredRetention: 30, tenants: [
    { name: 'Coho Winery', domain: 'cohowinery.com', country: 'US', access: 'lighthouse', workspaces: [
      { name: 'coho-edge', region: 'westus2', groups: ['agents', 'linux', 'windows', 'azure'], hosts: 4, gbPerDay: 3, legacyAgents: 0.25 },
    ] },
  ] },
  { key: 'graphicdesign', name: 'Graphic Design Institute', groups: ['bronze'], tags: { sector: 'education', stage: 'onboarding' }, tenants: [
    { name: 'Graphic Design Institute', domain: 'graphicdesigninstitute.com', country: 'AU', access: 'lighthouse', workspaces: [
      { name: 'gdi-logs', region: 'australiaeast', groups: [], hosts: 0, gbPerDay: 0 },
    ] },
  ] },
];
