import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { Directory } from '../src/azure/arm/directory.ts';
import { AzureClients } from '../src/azure/clients.ts';
import { NodeHttpClient } from '../src/azure/http/nodeHttpClient.ts';
import { ExternalTokenSource } from '../src/azure/identity/tokenSource.ts';
import { VerifiedTokens } from '../src/azure/identity/verifiedTokens.ts';
import { Limiter } from '../src/base/limiter.ts';
import { CustomersSource } from '../src/core/customers/customersSource.ts';
import { EstateService } from '../src/core/estate/estateService.ts';
import { groupEstate } from '../src/core/estate/groupEstate.ts';
import type { DirectoryPort } from '../src/ports/directory.ts';
import { SYSTEM_CLOCK } from '../src/engine/runtime/systemClock.ts';
import { childrenOf, toTreeNode } from '../src/extension/estateTree/treeNode.ts';
import type { TreeNode } from '../src/extension/estateTree/treeNode.ts';
import { textsOf } from '../src/extension/estateTree/treeTexts.ts';
import { parseCloudFile } from '../src/model/cloudFile.ts';
import type { Cloud } from '../src/model/cloud.ts';
import type { Estate } from '../src/model/estate.ts';
import { toAccountId, toTenantId } from '../src/model/ids.ts';
import { ROOT, startProgram } from '../scripts/tools.mjs';
import type { Measurement } from './main.ts';

const CUSTOMERS = 1_000;
const WORKSPACES = 5_000;
const PAGE_ROWS = 1_000;
const ROUNDS = 3;
/** As many tenants at once as the walk has. */
const TENANTS_AT_ONCE = 16;
const AZURE_CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

interface Person {
  readonly username: string;
  readonly password: string;
  readonly tenantId: string;
  readonly guestOf: readonly string[];
}
interface Stage {
  readonly cloud: Cloud;
  readonly customers: string;
  readonly person: Person;
  readonly admin: { readonly url: string; readonly token: string };
}
interface Call {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly tenant?: string;
  readonly status: number;
}
interface Loaded {
  readonly ms: number;
  readonly estate: Estate;
  readonly rows: number;
  readonly pictures: number;
  readonly rowsMs: number;
  readonly calls: readonly Call[];
  readonly seenBy: ReadonlyMap<string, number>;
}

/**
 * The estate of 1,000 tenants and 5,000 workspaces: loading it, with every partial picture handed through a process's
 * door to the rows that are open at first, and in the end all rows of the tree, against the bare calls with as many at
 * once. A person signed in, one token for each tenant, asked for anew by both in every round: the home tenant's token
 * sees everything delegated by Lighthouse, the token of each tenant where the person is a guest sees that tenant.
 */
export async function benchTree(): Promise<Measurement[]> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-tree-'));
  const ready = join(directory, 'cloud.json');
  const { child } = await startProgram(
    join(ROOT, 'src/emulator/main.ts'),
    ['--customers', String(CUSTOMERS), '--ready', ready],
    { until: /ready/, env: { NODE_OPTIONS: '--import tsx' } },
  );
  try {
    const told = JSON.parse(readFileSync(ready, 'utf8')) as {
      readonly users: readonly Person[];
      readonly admin: Stage['admin'];
      readonly customersFile: string;
    };
    const stage: Stage = {
      cloud: parseCloudFile(readFileSync(ready, 'utf8'), ready).cloud,
      customers: readFileSync(told.customersFile, 'utf8'),
      person: told.users[0]!,
      admin: told.admin,
    };
    const alone: number[] = [],
      loaded: Loaded[] = [];
    // The first round warms the emulator, its engine and this process for both.
    for (let round = -1; round < ROUNDS; round++) {
      const steps = [
        async () => {
          const ms = await bareCalls(stage);
          if (round >= 0) alone.push(ms);
        },
        async () => {
          const one = await load(stage);
          if (round >= 0) loaded.push(one);
        },
      ];
      for (const step of round % 2 ? steps : steps.reverse()) await step();
    }
    return report(
      Math.min(...alone),
      loaded.reduce((best, one) => (one.ms < best.ms ? one : best)),
    );
  } finally {
    child.kill();
    await rm(directory, { recursive: true, force: true });
  }
}

function report(alone: number, best: Loaded): Measurement[] {
  const pages = countBy(best.calls.filter((call) => call.service === 'graph'));
  const needed = [...best.seenBy].map(([tenant, seen]) => ({
    tenant,
    seen,
    pages: pages.get(tenant) ?? 0,
    most: Math.max(1, Math.ceil(seen / PAGE_ROWS)),
  }));
  const over = needed.filter((token) => token.pages !== token.most);
  if (over.length > 0 || pages.size !== needed.length)
    throw new Error(
      `Pages of Resource Graph: ${JSON.stringify(over.slice(0, 3))}; ${pages.size} tokens asked, ${needed.length} expected.`,
    );
  const largest = needed.reduce((a, b) => (a.seen > b.seen ? a : b));
  const sum = needed.reduce((total, token) => total + token.pages, 0),
    ideal = needed.reduce((total, token) => total + token.most, 0);
  const services = [...countBy(best.calls, ({ service }) => service)]
    .map(([service, count]) => `${count} ${service}`)
    .join(', ');
  return [
    {
      name: 'estate of 5,000 workspaces: Resource Graph pages',
      ratio: sum / ideal,
      bar: 1,
      detail: `${sum} pages for ${needed.length} tokens: ${largest.pages} for the home token, which sees ${largest.seen}; 1 for each of ${needed.length - 1} guest tokens`,
    },
    {
      name: 'estate of 5,000 workspaces: tree against its calls',
      ratio: best.ms / alone,
      bar: 3,
      detail: `${Math.round(best.ms)} ms of ${Math.round(alone)} ms for the calls (${services}); ${best.rows} rows, the last picture's in ${Math.round(best.rowsMs)} ms; ${best.pictures} pictures`,
    },
  ];
}

/** The product: adapters, use case and rows of the tree as the worker and the extension host compose them. */
async function load(stage: Stage): Promise<Loaded> {
  await admin(stage, 'PUT', 'clock', { advanceMs: 10_000 });
  await admin(stage, 'DELETE', 'calls');
  const http = new NodeHttpClient({ ca: stage.cloud.ca! });
  const account = {
    id: toAccountId('bench'),
    label: stage.person.username,
    homeTenant: toTenantId(stage.person.tenantId),
  };
  const tokens = new VerifiedTokens(
    new ExternalTokenSource({
      accounts: () => Promise.resolve([account]),
      getToken: async ({ tenant }) => ({ token: await signIn(http, stage, tenant), expiresOn: 0 }),
    }),
  );
  const clients = new AzureClients(tokens, { cloud: stage.cloud, version: '0.0.0-bench' });
  const adapters: DirectoryPort = new Directory(clients);
  const customers = new CustomersSource([
    { name: 'customers.json', file: { read: async () => stage.customers, write: async () => undefined } },
  ]);
  const service = new EstateService({
    accounts: tokens,
    directory: adapters,
    customers,
    clock: SYSTEM_CLOCK,
    cloud: stage.cloud.name,
  });
  let pictures = 0;
  service.onDidChange((estate) => {
    pictures++;
    countRows(rootsOf(estate), (node) => node.kind === 'group');
  });
  const started = performance.now();
  const estate = await service.load();
  const loadedAt = performance.now();
  const rows = countRows(rootsOf(estate), () => true);
  const ended = performance.now();
  const ms = ended - started,
    rowsMs = ended - loadedAt;
  clients.dispose();
  http.dispose();
  if (estate.workspaces.length < WORKSPACES || estate.tenants.length < CUSTOMERS || estate.problems.length > 0)
    throw new Error(
      `${estate.workspaces.length} workspaces, ${estate.tenants.length} tenants, ${estate.problems[0]?.error.message}`,
    );
  const seenBy = new Map<string, number>();
  for (const workspace of estate.workspaces)
    for (const { issuer } of workspace.paths) seenBy.set(issuer, (seenBy.get(issuer) ?? 0) + 1);
  const { value: calls } = (await admin(stage, 'GET', 'calls')) as { readonly value: readonly Call[] };
  return { ms, estate, rows, pictures, rowsMs, calls: calls.filter(({ status }) => status === 200), seenBy };
}

/** As the extension host gets them: after the estate went through the door of its process. */
function rootsOf(estate: Estate): TreeNode[] {
  return groupEstate(deserialize(serialize(estate)) as Estate, 'customer').map((node) => toTreeNode(node));
}

function countRows(nodes: readonly TreeNode[], open: (node: TreeNode) => boolean): number {
  let count = 0;
  for (const node of nodes)
    if (textsOf(node).label !== '') count += 1 + (open(node) ? countRows(childrenOf(node), open) : 0);
  return count;
}

/**
 * The same calls with nothing around them: tokens, tenants, and for each tenant its subscriptions and its pages of
 * Resource Graph.
 */
async function bareCalls(stage: Stage): Promise<number> {
  await admin(stage, 'PUT', 'clock', { advanceMs: 10_000 });
  const http = new NodeHttpClient({ ca: stage.cloud.ca! });
  const get = (token: string, path: string): Promise<{ readonly nextLink?: string }> =>
    send(http, 'GET', `${stage.cloud.resourceManager}${path}`, token);
  const started = performance.now();
  const home = await signIn(http, stage, stage.person.tenantId);
  await get(home, '/tenants?api-version=2022-12-01');
  const limiter = new Limiter(TENANTS_AT_ONCE);
  await Promise.all(
    [stage.person.tenantId, ...stage.person.guestOf].map((tenant) =>
      limiter.run(async () => {
        const token = tenant === stage.person.tenantId ? home : await signIn(http, stage, tenant);
        await Promise.all([
          get(token, '/subscriptions?api-version=2022-12-01').then(async ({ nextLink }) => {
            if (nextLink) await send(http, 'GET', nextLink, token);
          }),
          graphPages(http, stage, token),
        ]);
      }),
    ),
  );
  const ms = performance.now() - started;
  http.dispose();
  return ms;
}

/** The product's own question, so that the service has the same work. */
const WORKSPACES_QUERY = /const WORKSPACES = `([^`]+)`/.exec(
  readFileSync(join(ROOT, 'src/azure/arm/resourceGraph.ts'), 'utf8'),
)![1]!;

async function graphPages(http: NodeHttpClient, stage: Stage, token: string): Promise<void> {
  let $skipToken: string | undefined;
  do {
    const body = JSON.stringify({
      query: WORKSPACES_QUERY,
      options: { resultFormat: 'objectArray', $top: PAGE_ROWS, ...($skipToken ? { $skipToken } : {}) },
    });
    ({ $skipToken } = await send<{ readonly $skipToken?: string }>(
      http,
      'POST',
      `${stage.cloud.resourceManager}/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01`,
      token,
      body,
    ));
  } while ($skipToken);
}

async function signIn(http: NodeHttpClient, { cloud, person }: Stage, tenant: string): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'password',
    client_id: AZURE_CLI,
    username: person.username,
    password: person.password,
    scope: `${cloud.resourceManagerAudience}/.default`,
  });
  return (
    await send<{ readonly access_token: string }>(
      http,
      'POST',
      `${cloud.authority}/${tenant}/oauth2/v2.0/token`,
      undefined,
      form.toString(),
      'application/x-www-form-urlencoded',
    )
  ).access_token;
}

async function send<T>(
  http: NodeHttpClient,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  token?: string,
  body?: string,
  type = 'application/json',
): Promise<T> {
  const headers = createHttpHeaders({
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': type }),
  });
  const { status, bodyAsText } = await http.sendRequest(
    createPipelineRequest({ url, method, headers, ...(body === undefined ? {} : { body }) }),
  );
  if (status >= 300) throw new Error(`${method} ${url}: ${status} ${bodyAsText?.slice(0, 300)}`);
  return (bodyAsText ? JSON.parse(bodyAsText) : {}) as T;
}

async function admin(stage: Stage, method: 'GET' | 'PUT' | 'DELETE', what: string, body?: object): Promise<unknown> {
  const http = new NodeHttpClient({ ca: stage.cloud.ca! });
  try {
    return await send(http, method, `${stage.admin.url}/${what}`, stage.admin.token, body && JSON.stringify(body));
  } finally {
    http.dispose();
  }
}

function countBy(
  calls: readonly Call[],
  keyOf: (call: Call) => string = ({ tenant }) => tenant ?? '',
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(keyOf(call), (counts.get(keyOf(call)) ?? 0) + 1);
  return counts;
}
