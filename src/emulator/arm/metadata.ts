import type { Router } from '../router.ts';

/**
 * `GET /metadata/endpoints`, which `az cloud register --endpoint-resource-manager`, Az PowerShell and Terraform's
 * `metadata_host` read. No token needed.
 */
export function registerMetadata(router: Router): void {
  router.add('arm', 'GET', '/metadata/endpoints', (ctx) => {
    const { origin } = ctx;
    const audiences = ['https://management.core.windows.net/', 'https://management.azure.com/'];
    const version = ctx.query('api-version') ?? '';
    if (version !== '' && version < '2018') {
      return {
        status: 200,
        body: {
          galleryEndpoint: `${origin}/`,
          graphEndpoint: 'https://graph.windows.net/',
          portalEndpoint: `${origin}/portal`,
          authentication: { loginEndpoint: `${origin}/`, audiences },
        },
      };
    }
    const entry = {
      name: 'TenantscopeEmulator',
      portal: `${origin}/portal`,
      authentication: { loginEndpoint: origin, audiences, tenant: 'common', identityProvider: 'AAD' },
      media: origin,
      graphAudience: 'https://graph.windows.net/',
      graph: 'https://graph.windows.net/',
      suffixes: {
        storage: 'core.windows.net',
        keyVaultDns: 'vault.azure.net',
        sqlServerHostname: 'database.windows.net',
        acrLoginServer: 'azurecr.io',
      },
      batch: 'https://batch.core.windows.net/',
      resourceManager: `${origin}/`,
      microsoftGraphResourceId: 'https://graph.microsoft.com/',
      logAnalyticsResourceId: 'https://api.loganalytics.io',
      activeDirectoryDataLake: 'https://datalake.azure.net/',
    };
    return { status: 200, body: version === '' || version >= '2022' ? entry : [entry] };
  });
}
