import { AzureClients } from '../../../src/azure/clients.ts';
import { NodeHttpClient } from '../../../src/azure/http/nodeHttpClient.ts';
import { Directory } from '../../../src/azure/arm/directory.ts';
import { ProvisionClient } from '../../../src/azure/arm/provisionClient.ts';
import { ExternalTokenSource } from '../../../src/azure/identity/tokenSource.ts';
import { VerifiedTokens } from '../../../src/azure/identity/verifiedTokens.ts';
import { LogsClient } from '../../../src/azure/logs/logsClient.ts';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { DirectoryPort } from '../../../src/ports/directory.ts';
import type { LogsPort } from '../../../src/ports/logs.ts';
import type { ProvisionPort } from '../../../src/ports/workspaces.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';
import type { TokenSource } from '../../../src/ports/accounts.ts';

/** The adapters as a composition root makes them; the assignments to the ports prove that they fit. */
export interface Connection {
  readonly clients: AzureClients;
  readonly tokens: VerifiedTokens;
  readonly directory: DirectoryPort;
  readonly logs: LogsPort;
  readonly provision: ProvisionPort;
  dispose(): void;
}

/** An emulator of this process, or where one of another process is and what its time is. */
type Reached = Emulator | { readonly cloud: Cloud; now(): number };

export function connect(emulator: Reached, source: TokenSource): Connection {
  const tokens = new VerifiedTokens(source, () => ('now' in emulator ? emulator.now() : emulator.world.clock.now()));
  const clients = new AzureClients(tokens, {
    cloud: emulator.cloud,
    version: '0.0.0-test',
    retry: { maxRetries: 1, retryDelayInMs: 1, maxRetryDelayInMs: 10 },
    pollMs: 1,
  });
  return {
    clients,
    tokens,
    directory: new Directory(clients),
    logs: new LogsClient(clients),
    provision: new ProvisionClient(clients),
    dispose: () => {
      clients.dispose();
    },
  };
}

/**
 * A person's sign-in as an editor would bring it: a token per tenant and audience, by password, with a challenge's
 * claims where there are some.
 */
export function signedIn(
  emulator: Reached,
  user: { readonly username?: string; readonly homeTenantId: string },
  password: string,
): TokenSource & { readonly asked: { tenant: string; audience: string; claims?: string }[]; close(): void } {
  const http = new NodeHttpClient({ ca: emulator.cloud.ca! });
  const asked: { tenant: string; audience: string; claims?: string }[] = [];
  const source = new ExternalTokenSource({
    accounts: () =>
      Promise.resolve([
        {
          id: toAccountId(`test:${user.username}`),
          label: user.username ?? '',
          homeTenant: toTenantId(user.homeTenantId),
        },
      ]),
    getToken: async ({ tenant, audience, claims }) => {
      asked.push({ tenant, audience, ...(claims === undefined ? {} : { claims }) });
      const body = new URLSearchParams({
        grant_type: 'password',
        client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
        username: user.username ?? '',
        password,
        scope: `${audience}/.default`,
        ...(claims === undefined ? {} : { claims }),
      });
      const { status, bodyAsText } = await http.sendRequest(
        createPipelineRequest({
          url: `${emulator.cloud.authority}/${tenant}/oauth2/v2.0/token`,
          method: 'POST',
          body: body.toString(),
          headers: createHttpHeaders({ 'content-type': 'application/x-www-form-urlencoded' }),
        }),
      );
      const answer = JSON.parse(bodyAsText ?? '') as {
        access_token: string;
        expires_in: number;
        error?: string;
        error_description?: string;
      };
      if (status !== 200)
        throw Object.assign(new Error(answer.error_description), {
          name: 'AuthenticationError',
          errorResponse: { error: answer.error, errorDescription: answer.error_description },
        });
      return { token: answer.access_token, expiresOn: 0 };
    },
  });
  return Object.assign(source, {
    asked,
    close: () => {
      http.dispose();
    },
  });
}
