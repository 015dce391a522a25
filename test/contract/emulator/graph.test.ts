import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EngineTable, LocalEngine, QueryOptions } from '../../../src/engine/face.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addWorkspace } from '../../../src/emulator/populate.ts';
import { AppError } from '../../../src/base/errors.ts';
import { appToken, ask, smallEstate, startSmall, userToken, type RawAnswer, type SmallEstate } from './smallEstate.ts';

/** An engine that knows one query: a table's name, for all of it. What the engine itself can do is tested elsewhere. */
function tablesOnly(): LocalEngine {
  const rows = new Map<string, Cell[][]>();
  const parts: Partial<LocalEngine> = {
    createTable: (schema, name, columns) => {
      rows.set(`${schema}.${name}`, []);
      return Promise.resolve({ name, columns, source: `${schema}.${name}` });
    },
    append: (table, more) => {
      for (const row of more) rows.get(table.source)!.push([...row]);
      return Promise.resolve();
    },
    dropTable: (table) => {
      rows.delete(table.source);
      return Promise.resolve();
    },
    query(text, options: QueryOptions) {
      const table: EngineTable | undefined = options.database.tables.find(({ name }) => name === text.trim());
      if (!table) throw new AppError('query.syntax', 'Unexpected end.', { data: { line: 1, column: 3, token: '|' } });
      const all = rows.get(table.source)!;
      return Promise.resolve({
        tables: [
          {
            name: 'PrimaryResult',
            columns: table.columns,
            rowCount: all.length,
            truncated: false,
            source: table.source,
            rows: () => Promise.resolve(all),
            dispose: () => Promise.resolve(),
          },
        ],
      });
    },
    close: () => Promise.resolve(),
  };
  return parts as LocalEngine;
}

let estate: SmallEstate;
let emulator: Emulator;
let token: string;
const clock = new EmulatedClock();

before(async () => {
  estate = smallEstate(clock);
  emulator = await startSmall(estate, { engine: () => Promise.resolve(tablesOnly()) });
  token = await appToken(emulator, estate, estate.provider);
});
after(() => emulator.close());

type Page = {
  totalRecords: number;
  count: number;
  resultTruncated: string;
  $skipToken?: string;
  data: Record<string, unknown>[];
};

function search(body: object, as = token, version = '2024-04-01'): Promise<RawAnswer> {
  clock.advance(5_000);
  return ask(emulator, `/providers/Microsoft.ResourceGraph/resources?api-version=${version}`, {
    method: 'POST',
    token: as,
    body,
  });
}

test("one query covers the token's own tenant and what is delegated to it", async () => {
  const page = (await search({ query: 'resources' })).json<Page>();
  assert.deepEqual(
    page.data
      .filter(({ type }) => type === 'microsoft.operationalinsights/workspaces')
      .map(({ name, tenantId, resourceGroup }) => [name, tenantId, resourceGroup]),
    [
      ['law-provider', estate.provider.tenantId, 'rg-logs'],
      ['law-contoso', estate.contoso.tenantId, 'rg-logs'],
    ],
  );
  const sentinel = page.data.find(({ type }) => type === 'microsoft.operationsmanagement/solutions')!;
  assert.equal(sentinel['name'], 'SecurityInsights(law-contoso)');
  const workspace = page.data[0] as { properties: { customerId: string; sku: { name: string } } };
  assert.deepEqual(
    [workspace.properties.customerId, workspace.properties.sku.name],
    [estate.workspaces.provider.properties.customerId, 'PerGB2018'],
  );
  const containers = (await search({ query: 'ResourceContainers' })).json<Page>();
  assert.deepEqual(
    containers.data.map(({ name }) => name),
    ['Provider', 'Contoso', 'rg-logs', 'rg-logs'],
  );
});

test('what the caller may not read is not there', async () => {
  const reader = (await userToken(emulator, 'reader@provider.example')).access_token;
  const page = (await search({ query: 'resources' }, reader)).json<Page>();
  assert.deepEqual(
    page.data.map(({ name }) => name),
    ['law-provider'],
  );
  const nothing = await search({ query: 'resources', subscriptions: [estate.foreign.subscriptionId] });
  assert.deepEqual(
    [nothing.status, nothing.json<{ error: { code: string; details: { code: string }[] } }>().error.details[0]?.code],
    [400, 'NoValidSubscriptionsInQueryRequest'],
  );
});

test('pages of at most 1,000 rows, each with the way to the next', async () => {
  for (let count = 0; count < 1_100; count++) {
    addWorkspace(estate.world, {
      subscription: estate.home,
      resourceGroup: 'rg-many',
      name: `law-many-${count}`,
      location: 'eastus',
    });
  }
  const first = (await search({ query: 'resources' })).json<Page>();
  assert.deepEqual([first.totalRecords, first.count, first.resultTruncated], [1_103, 1_000, 'false']);
  const second = (await search({ query: 'resources', options: { $skipToken: first.$skipToken } })).json<Page>();
  assert.deepEqual([second.count, second.$skipToken], [103, undefined]);
  const small = (await search({ query: 'resources', options: { $top: 2, $skip: 1, resultFormat: 'table' } })).json<{
    count: number;
    data: { columns: { name: string; type: string }[]; rows: unknown[][] };
  }>();
  assert.deepEqual(
    [small.count, small.data.columns[0], small.data.rows.length],
    [2, { name: 'id', type: 'string' }, 2],
  );
  assert.equal((await search({ query: 'resources', options: { $top: 1_001 } })).status, 400);
  assert.ok(
    Array.isArray(
      (await search({ query: 'resources' }, token, '2019-04-01')).json<{ data: { rows: unknown[] } }>().data.rows,
    ),
  );
});

test('a bad query says where', async () => {
  const answer = await search({ query: 'resources |' });
  const { code, details } = answer.json<{
    error: { code: string; details: { code: string; line?: number; token?: string }[] };
  }>().error;
  assert.deepEqual(
    [answer.status, code, details.map((detail) => detail.code), details[1]?.line, details[1]?.token],
    [400, 'BadRequest', ['InvalidQuery', 'ParserFailure'], 1, '|'],
  );
});

test('fifteen requests in five seconds, then 429 until the window is over', async () => {
  const once = (): Promise<RawAnswer> =>
    ask(emulator, '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', {
      method: 'POST',
      token,
      body: { query: 'managedservicesresources' },
    });
  clock.advance(5_000);
  const answers: RawAnswer[] = [];
  for (let count = 0; count < 16; count++) answers.push(await once());
  assert.deepEqual(
    answers.map(({ status }) => status),
    [...Array<number>(15).fill(200), 429],
  );
  assert.deepEqual(
    [answers[0]!.headers['x-ms-user-quota-remaining'], answers[15]!.headers['x-ms-user-quota-remaining']],
    ['14', '0'],
  );
  assert.match(String(answers[15]!.headers['x-ms-user-quota-resets-after']), /^00:00:0[1-5]$/);
  clock.advance(5_000);
  assert.equal((await once()).status, 200);
});
