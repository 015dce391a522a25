import { createPipelineRequest } from '@azure/core-rest-pipeline';
import type { CancelSignal } from '../base/cancel.ts';
import type { Route } from '../model/network.ts';
import type { ConnectionPort, Reached } from '../ports/connection.ts';
import type { WorkspaceListing } from '../ports/directory.ts';
import type { Issuer } from '../ports/issuer.ts';
import { callAzure } from './calls.ts';
import type { AzureClients } from './clients.ts';
import { subjectOfTenant } from './errors/subject.ts';

/** So long a service that is there may take to say anything at all. */
const REACH_DEADLINE_MS = 20_000;
const READ_DEADLINE_MS = 60_000;

/** The way to the services with the connections that all clients share: same proxy, same certificates. */
export class Connection implements ConnectionPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  route(origin: string): Promise<Route> {
    return this.clients.route(origin);
  }

  reach(url: string, signal?: CancelSignal): Promise<Reached> {
    const { host } = new URL(url);
    return callAzure(
      { subject: { tenant: 'organizations', what: host }, signal, deadlineMs: REACH_DEADLINE_MS },
      async ({ abortSignal }) => {
        const { status, headers } = await this.clients.settings.httpClient.sendRequest(
          createPipelineRequest({ url, method: 'GET', abortSignal }),
        );
        const serverTime = Date.parse(headers.get('date') ?? '');
        return { status, ...(Number.isNaN(serverTime) ? {} : { serverTime }) };
      },
    );
  }

  graphWorkspaces(issuer: Issuer, signal?: CancelSignal): Promise<readonly WorkspaceListing[]> {
    return callAzure({ subject: subjectOfTenant(issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS }, async (abort) =>
      (await this.clients.graph(issuer)).workspaces(abort),
    );
  }
}
