import { ResourceManagementClient } from '@azure/arm-resources';
import type { TokenCredential } from '@azure/core-auth';
import { armClientOptions, mapErrors } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { itemsOf } from './listing.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { ResourceGroupNow } from '../../ports/workspaces.ts';

interface Abort {
  readonly abortSignal: AbortSignal;
}

/** Resource groups of one subscription: the door of @azure/arm-resources. */
export class ResourcesDoor {
  private readonly client: ResourceManagementClient;

  constructor(credential: TokenCredential, subscription: string, settings: ClientSettings, issuer: Issuer) {
    this.client = new ResourceManagementClient(credential, subscription, armClientOptions(settings));
    mapErrors(this.client.pipeline, issuer);
  }

  async resourceGroups(abort: Abort): Promise<readonly { readonly name: string; readonly region: string }[]> {
    const groups: { name: string; region: string }[] = [];
    for await (const group of itemsOf(this.client.resourceGroups.list(abort)))
      if (group.name) groups.push({ name: group.name, region: group.location });
    return groups.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Rejects with 404 where there is none. */
  async resourceGroup(name: string, abort: Abort): Promise<ResourceGroupNow> {
    const group = await this.client.resourceGroups.get(name, abort);
    return {
      name: group.name ?? name,
      region: group.location,
      provisioningState: group.properties?.provisioningState ?? 'Succeeded',
    };
  }

  /** PUT of a region alone: it creates the group, and would take the tags off one that is there. */
  async createResourceGroup(name: string, region: string, abort: Abort): Promise<void> {
    await this.client.resourceGroups.createOrUpdate(name, { location: region }, abort);
  }
}
