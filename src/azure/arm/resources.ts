import { ResourceManagementClient } from '@azure/arm-resources';
import type { TokenCredential } from '@azure/core-auth';
import { armClientOptions, mapErrors } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { itemsOf } from './listing.ts';
import { parseLocks } from './locks.ts';
import type { LockNow } from './locks.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { ResourceGroupNow, ResourceProviderNow } from '../../ports/workspaces.ts';

interface Abort {
  readonly abortSignal: AbortSignal;
}

/** Resource groups and resource providers of one subscription: the door of @azure/arm-resources. */
export class ResourcesDoor {
  private readonly client: ResourceManagementClient;

  constructor(credential: TokenCredential, subscription: string, settings: ClientSettings, issuer: Issuer) {
    this.client = new ResourceManagementClient(credential, subscription, armClientOptions(settings));
    mapErrors(this.client.pipeline, issuer);
  }

  async resourceGroups(abort: Abort): Promise<readonly { readonly name: string; readonly region: string }[]> {
    const groups: { name: string; region: string }[] = [];
    for await (const group of itemsOf(this.client.resourceGroups.list(abort), abort.abortSignal))
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

  /** Rejects with 404 where there is none of that name. */
  async provider(
    namespace: string,
    abort: Abort,
  ): Promise<ResourceProviderNow & { readonly regionsOf: (type: string) => readonly string[] }> {
    const provider = await this.client.providers.get(namespace, abort);
    return {
      registrationState: provider.registrationState ?? 'NotRegistered',
      regionsOf: (type) =>
        provider.resourceTypes?.find((entry) => entry.resourceType?.toLowerCase() === type.toLowerCase())?.locations ??
        [],
    };
  }

  /** The answer comes at once and mostly says `Registering`. */
  async register(namespace: string, abort: Abort): Promise<void> {
    await this.client.providers.register(namespace, abort);
  }

  /** PUT of a region alone: it creates the group, and would take the tags off one that is there. */
  async createResourceGroup(name: string, region: string, abort: Abort): Promise<void> {
    await this.client.resourceGroups.createOrUpdate(name, { location: region }, abort);
  }

  /**
   * Locks that hold for a resource: its own, and those of the group and the subscription it is in. The SDK has no
   * locks: it reads the list as a resource, and the answer's text is what counts.
   */
  async locks(armId: string, abort: Abort): Promise<readonly LockNow[]> {
    let body = '';
    await this.client.resources.getById(
      `${armId.replace(/^\//, '')}/providers/Microsoft.Authorization/locks`,
      '2020-05-01',
      {
        ...abort,
        onResponse: ({ bodyAsText }) => {
          body = bodyAsText ?? '';
        },
      },
    );
    return parseLocks(body);
  }
}
