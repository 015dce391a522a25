import { request as httpsRequest } from 'node:https';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../../src/emulator/emulator.ts';
import {
  addServicePrincipal,
  addSubscription,
  addTenant,
  addUser,
  addWorkspace,
  assignRole,
  delegate,
} from '../../../src/emulator/populate.ts';
import type { Account, Subscription, Tenant, Workspace, World } from '../../../src/emulator/state.ts';

/**
 * Three tenants: the provider's own; Contoso, which delegates its subscription to the provider; Fabrikam, where the
 * engineer is a guest and the application is consented. One workspace each.
 */
export interface SmallEstate {
  readonly world: World;
  readonly provider: Tenant;
  readonly contoso: Tenant;
  readonly fabrikam: Tenant;
  readonly home: Subscription;
  readonly delegated: Subscription;
  readonly foreign: Subscription;
  readonly engineer: Account;
  readonly reader: Account;
  readonly app: Account;
  readonly workspaces: { readonly provider: Workspace; readonly contoso: Workspace; readonly fabrikam: Workspace };
}

export function smallEstate(clock = new EmulatedClock()): SmallEstate {
  const world = emptyWorld({ seed: 7, clock });
  const provider = addTenant(world, { displayName: 'Provider', domain: 'provider.example' });
  const contoso = addTenant(world, { displayName: 'Contoso', domain: 'contoso.example' });
  const fabrikam = addTenant(world, { displayName: 'Fabrikam', domain: 'fabrikam.example' });
  const operations = world.guid('group', 'operations');
  const engineer = addUser(world, {
    tenant: provider,
    username: 'engineer@provider.example',
    password: 'pass',
    guestOf: [fabrikam],
    groups: [operations],
  });
  const reader = addUser(world, { tenant: provider, username: 'reader@provider.example', password: 'pass' });
  const app = addServicePrincipal(world, {
    tenant: provider,
    name: 'automation',
    secret: 'secret',
    consentedIn: [fabrikam],
  });
  const home = addSubscription(world, { tenant: provider, displayName: 'Provider' });
  const delegated = addSubscription(world, { tenant: contoso, displayName: 'Contoso' });
  const foreign = addSubscription(world, { tenant: fabrikam, displayName: 'Fabrikam' });
  for (const principalId of [engineer.objectId, app.objectId]) {
    assignRole(world, { scope: `/subscriptions/${home.subscriptionId}`, principalId, role: 'Contributor' });
  }
  for (const { objectId } of [...engineer.memberships, ...app.memberships]) {
    assignRole(world, {
      scope: `/subscriptions/${foreign.subscriptionId}`,
      principalId: objectId,
      role: 'Contributor',
    });
  }
  assignRole(world, {
    scope: `/subscriptions/${home.subscriptionId}`,
    principalId: reader.objectId,
    role: 'Log Analytics Reader',
  });
  delegate(world, {
    scope: `/subscriptions/${delegated.subscriptionId}`,
    to: provider,
    authorizations: [
      { principalId: operations, name: 'Operations', role: 'Contributor' },
      { principalId: app.objectId, role: 'Contributor' },
    ],
  });
  const tables = [
    {
      name: 'Heartbeat',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Computer', type: 'string' },
      ],
    },
    {
      name: 'Audit_CL',
      columns: [
        { name: 'TimeGenerated', type: 'dateTime' },
        { name: 'Who', type: 'string' },
      ],
    },
  ];
  const workspaces = {
    provider: addWorkspace(world, {
      subscription: home,
      resourceGroup: 'rg-logs',
      name: 'law-provider',
      location: 'westeurope',
      tables,
    }),
    contoso: addWorkspace(world, {
      subscription: delegated,
      resourceGroup: 'rg-logs',
      name: 'law-contoso',
      location: 'northeurope',
      tables,
      solutions: ['LogManagement', 'SecurityInsights'],
    }),
    fabrikam: addWorkspace(world, {
      subscription: foreign,
      resourceGroup: 'rg-logs',
      name: 'law-fabrikam',
      location: 'eastus',
      tables,
    }),
  };
  return { world, provider, contoso, fabrikam, home, delegated, foreign, engineer, reader, app, workspaces };
}

/** Operations that finish at once: nothing to wait for. */
export const AT_ONCE = { durationMs: 0, retryAfterSeconds: 0 };

export function startSmall(estate: SmallEstate, options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  return startEmulator({ world: estate.world, operations: AT_ONCE, ...options });
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  json<T = Record<string, never>>(): T;
}

export interface RawRequest {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly body?: object | string;
}

/** One request as it is: no SDK, no retry. An object body is sent as JSON, text as a form. */
export function ask(
  emulator: Emulator,
  path: string,
  { method = 'GET', token, headers = {}, body }: RawRequest = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const url = new URL(emulator.url);
    const sent = httpsRequest(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port: url.port,
        path: path.startsWith('https:') ? path.slice(emulator.url.length) : path,
        method,
        ca: emulator.ca,
        headers: {
          host: url.host,
          ...(body === undefined
            ? {}
            : { 'content-type': typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json' }),
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...headers,
        },
      },
      (answer) => {
        let text = '';
        answer
          .setEncoding('utf8')
          .on('data', (part: string) => {
            text += part;
          })
          .on('error', reject);
        answer.on('end', () => {
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text,
            json: <T>() => JSON.parse(text) as T,
          });
        });
        answer.on('close', () => {
          if (!answer.complete) reject(new Error('cut off'));
        });
      },
    );
    sent.on('error', reject);
    if (body !== undefined) sent.write(typeof body === 'string' ? body : JSON.stringify(body));
    sent.end();
  });
}

export function form(values: Record<string, string>): string {
  return new URLSearchParams(values).toString();
}

export const ARM_SCOPE = 'https://management.azure.com/.default';

/** An application's token for a tenant. */
export async function appToken(
  emulator: Emulator,
  estate: SmallEstate,
  tenant: Tenant,
  scope = ARM_SCOPE,
): Promise<string> {
  const answer = await ask(emulator, `/${tenant.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: form({ grant_type: 'client_credentials', client_id: estate.app.appId!, client_secret: 'secret', scope }),
  });
  return answer.json<{ access_token: string }>().access_token;
}

/** A user's token by password, and the refresh token that came with it. */
export async function userToken(
  emulator: Emulator,
  username: string,
  tenant = 'organizations',
  scope = ARM_SCOPE,
): Promise<{ access_token: string; refresh_token: string }> {
  const answer = await ask(emulator, `/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: form({
      grant_type: 'password',
      client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
      username,
      password: 'pass',
      scope: `${scope} offline_access`,
    }),
  });
  return answer.json();
}
