/**
 * The resources tokens are made for. A token's `aud` is the resource as it was asked for; services accept any spelling
 * of their own.
 */
export const AUDIENCES = {
  arm: [
    'https://management.azure.com',
    'https://management.core.windows.net',
    'https://management.usgovcloudapi.net',
    'https://management.core.usgovcloudapi.net',
    'https://management.chinacloudapi.cn',
    'https://management.core.chinacloudapi.cn',
    '797f4846-ba00-4fd7-ba43-dac1f8f63013',
  ],
  logs: [
    'https://api.loganalytics.io',
    'https://api.loganalytics.azure.com',
    'https://api.loganalytics.us',
    'https://api.loganalytics.azure.cn',
    'https://westus2.api.loganalytics.io',
    'ca7f3f0b-7d91-482c-8e09-c5d840d0eac5',
  ],
  monitor: ['https://monitor.azure.com', 'https://monitor.azure.us', 'https://monitor.azure.cn'],
  kusto: [
    'https://kusto.kusto.windows.net',
    'https://kusto.kusto.usgovcloudapi.net',
    'https://kusto.kusto.chinacloudapi.cn',
    '2746ea77-4702-4b45-80ca-3c97e680e8b7',
  ],
  storage: ['https://storage.azure.com', 'e406a681-f3d4-42a8-90b6-c2b029497af1'],
  graph: [
    'https://graph.microsoft.com',
    'https://microsoftgraph.chinacloudapi.cn',
    'https://graph.microsoft.us',
    '00000003-0000-0000-c000-000000000000',
  ],
} as const;

type AudienceName = keyof typeof AUDIENCES;

function bare(resource: string): string {
  return resource.toLowerCase().replace(/\/+$/, '');
}

/**
 * The service a resource belongs to; undefined for one nobody here serves. `origin` of the emulator itself counts as
 * ARM's.
 */
export function findAudience(resource: string, origin?: string): AudienceName | undefined {
  const wanted = bare(resource);
  for (const [name, resources] of Object.entries(AUDIENCES))
    if (resources.some((known) => known === wanted)) return name as AudienceName;
  return origin !== undefined && wanted === bare(origin) ? 'arm' : undefined;
}

const OIDC = new Set(['openid', 'profile', 'offline_access', 'email']);

/**
 * The resource and the delegated scopes of a v2 `scope`: `https://management.azure.com//.default offline_access` asks
 * for `https://management.azure.com/` (the double slash is part of the resource, as with Entra). Only OIDC scopes mean
 * Microsoft Graph.
 */
export function parseScope(scope: string): { readonly resource: string; readonly scopes: readonly string[] } {
  const asked = scope.split(/\s+/).filter((part) => part && !OIDC.has(part.toLowerCase()));
  const first = asked[0];
  if (first === undefined) return { resource: 'https://graph.microsoft.com', scopes: ['User.Read'] };
  const cut = first.lastIndexOf('/');
  if (cut < 0 || (first.startsWith('https://') && cut < 'https://'.length))
    return { resource: 'https://graph.microsoft.com', scopes: asked };
  const resource = first.slice(0, cut);
  return { resource, scopes: asked.map((part) => part.slice(part.lastIndexOf('/') + 1)) };
}

/** What a user's token says in `scp` where `.default` was asked. */
export const DELEGATED_SCOPES: Readonly<Record<AudienceName, string>> = {
  arm: 'user_impersonation',
  logs: 'Data.Read',
  monitor: 'user_impersonation',
  kusto: 'user_impersonation',
  storage: 'user_impersonation',
  graph: 'openid profile User.Read',
};
