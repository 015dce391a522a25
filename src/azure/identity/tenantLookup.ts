import { createPipelineRequest } from '@azure/core-rest-pipeline';
import type { CancelSignal } from '../../base/cancel.ts';
import { isGuid, toTenantId } from '../../model/ids.ts';
import type { TenantId } from '../../model/ids.ts';
import type { TenantLookupPort } from '../../ports/onboarding.ts';
import { callAzure } from '../calls.ts';
import type { AzureClients } from '../clients.ts';

const DEADLINE_MS = 20_000;
const DOMAIN = /^(?=.{4,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

/** Whose domain it is, as the cloud's sign-in service tells anybody: no token goes along. */
export class TenantLookup implements TenantLookupPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  tenantOf(domain: string, signal?: CancelSignal): Promise<TenantId | undefined> {
    if (!DOMAIN.test(domain)) return Promise.resolve(undefined);
    const { cloud, httpClient } = this.clients.settings;
    const url = `${cloud.authority}/${domain.toLowerCase()}/v2.0/.well-known/openid-configuration`;
    return callAzure(
      { subject: { tenant: domain, what: `domain ${domain}` }, signal, deadlineMs: DEADLINE_MS },
      async ({ abortSignal }) => {
        const { bodyAsText } = await httpClient.sendRequest(createPipelineRequest({ url, method: 'GET', abortSignal }));
        const { issuer = '' } = JSON.parse(bodyAsText ?? '{}') as { readonly issuer?: string };
        const id = issuer.split('/').find(isGuid);
        return id === undefined ? undefined : toTenantId(id);
      },
    );
  }
}
