import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { foreignOrigin } from '../errors/foreignOrigin.ts';
import { CHINA_CLOUD, PUBLIC_CLOUD, US_GOVERNMENT_CLOUD } from '../../model/cloud.ts';

/** Microsoft's own Resource Managers, whose regions have origins of their own. */
const WITH_REGIONS: ReadonlySet<string> = new Set(
  [PUBLIC_CLOUD, US_GOVERNMENT_CLOUD, CHINA_CLOUD].map((cloud) => cloud.resourceManager),
);

/**
 * Whether a token for the service at `endpoint` may go to an address: to the endpoint's origin, and in Microsoft's own
 * clouds to a region's Resource Manager, which operations are polled at (`https://eastus.management.azure.com`, as
 * Azure-AsyncOperation has it in azure-docs, operator-nexus). False for what is no address.
 */
export function isOwnOrigin(address: string, endpoint: string): boolean {
  if (!URL.canParse(address)) return false;
  const [to, own] = [new URL(address), new URL(endpoint)];
  // A name in front of the host's is a user's, which nobody but a liar writes into a link.
  if (to.username !== '' || to.password !== '') return false;
  if (to.origin === own.origin) return true;
  if (!WITH_REGIONS.has(own.origin) || to.protocol !== 'https:' || to.port !== '') return false;
  return to.hostname.endsWith(`.${own.hostname}`) && /^[a-z0-9]+\.$/.test(to.hostname.slice(0, -own.hostname.length));
}

/**
 * Keeps every request of a client at its service: what goes elsewhere (a nextLink, a Location, an Azure-AsyncOperation)
 * is refused (`network.foreignOrigin`) before a token is asked for. Redirects are the SDKs' own rule: never to another
 * origin.
 */
export function ownOriginPolicy(endpoint: string): PipelinePolicy {
  return {
    name: 'tenantscopeOwnOrigin',
    async sendRequest(request, next) {
      if (!isOwnOrigin(request.url, endpoint)) throw foreignOrigin(request.url, endpoint);
      return next(request);
    },
  };
}
