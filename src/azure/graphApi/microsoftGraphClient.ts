import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type {
  AdminRelationship,
  MicrosoftGraphPort,
  PartnerContract,
  PrincipalName,
} from '../../ports/microsoftGraph.ts';
import { READ_DEADLINE_MS, callAzure } from '../calls.ts';
import type { AzureClients } from '../clients.ts';
import { subjectOfTenant } from '../errors/subject.ts';
import type { MicrosoftGraphDoor } from './microsoftGraphDoor.ts';
import { toContracts, toPrincipals, toRelationships } from './wire.ts';

/** Ids that one question may have (getByIds). */
const MOST_IDS = 1_000;

/** What is read of Microsoft Graph. */
export class MicrosoftGraphClient implements MicrosoftGraphPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  contracts(issuer: Issuer, signal?: CancelSignal): Promise<readonly PartnerContract[]> {
    return this.ask(issuer, signal, 'the contracts of a partner', 'Directory.Read.All', async (door, abort) =>
      toContracts(await door.list('/contracts', abort)),
    );
  }

  relationships(issuer: Issuer, signal?: CancelSignal): Promise<readonly AdminRelationship[]> {
    const { name } = this.clients.cloud;
    // National clouds do not have them (graph-docs, tenantrelationship-list-delegatedadminrelationships.md).
    if (name === 'usGovernment' || name === 'china')
      return Promise.reject(
        new AppError('input.microsoftGraph', 'Only the public cloud has delegated admin relationships.'),
      );
    const needed = 'DelegatedAdminRelationship.Read.All';
    return this.ask(issuer, signal, 'delegated admin relationships', needed, async (door, abort) =>
      toRelationships(await door.list('/tenantRelationships/delegatedAdminRelationships?$top=300', abort)),
    );
  }

  async principals(
    issuer: Issuer,
    ids: readonly string[],
    signal?: CancelSignal,
  ): Promise<ReadonlyMap<string, PrincipalName>> {
    const found = new Map<string, PrincipalName>();
    for (let at = 0; at < ids.length; at += MOST_IDS) {
      const body = { ids: ids.slice(at, at + MOST_IDS), types: ['user', 'group', 'servicePrincipal'] };
      const needed = 'Directory.Read.All';
      const items = await this.ask(issuer, signal, 'names of people and groups', needed, (door, abort) =>
        door.act('/directoryObjects/getByIds', body, abort),
      );
      for (const [id, name] of toPrincipals(items)) found.set(id, name);
    }
    return found;
  }

  async members(issuer: Issuer, group: string, signal?: CancelSignal): Promise<ReadonlyMap<string, PrincipalName>> {
    const needed = 'GroupMember.Read.All';
    const path = `/groups/${encodeURIComponent(group)}/transitiveMembers?$top=999`;
    const items = await this.ask(issuer, signal, 'members of groups', needed, (door, abort) => door.list(path, abort));
    // It is flat: groups in it stand beside their members.
    return new Map(toPrincipals(items).filter(([, { kind }]) => kind === 'user' || kind === 'application'));
  }

  private async ask<T>(
    issuer: Issuer,
    signal: CancelSignal | undefined,
    what: string,
    permission: string,
    call: (door: MicrosoftGraphDoor, abort: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const subject = subjectOfTenant(issuer.tenant);
    try {
      return await callAzure({ subject, signal, deadlineMs: READ_DEADLINE_MS }, async (abort) =>
        call(await this.clients.microsoftGraph(issuer), abort),
      );
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.family !== 'access') throw thrown;
      throw new AppError(
        'access.microsoftGraph',
        `Microsoft Graph does not tell this account ${what} of tenant ${issuer.tenant}. It needs the permission ${permission}: sign in with the Azure CLI as somebody who may read the directory, or give it to your application.`,
        { cause: thrown },
      );
    }
  }
}
