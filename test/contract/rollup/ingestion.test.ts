import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { NodeHttpClient } from '../../../src/azure/http/nodeHttpClient.ts';
import { SessionCredential } from '../../../src/azure/identity/sessionCredential.ts';
import { IngestionDoor } from '../../../src/azure/ingestion/ingestionDoor.ts';
import { isIngestionHost } from '../../../src/azure/ingestion/ingestionHost.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import type { AppError } from '../../../src/base/errors.ts';
import { centreIntents, draftCentre } from '../../../src/core/centre/centreIntents.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import { changeHandlers } from '../../../src/app/changeHandlers.ts';
import { RowKeys } from '../../../src/core/rollup/rowKeys.ts';
import { key as lower } from '../../../src/emulator/armId.ts';
import { CHINA_CLOUD, PUBLIC_CLOUD } from '../../../src/model/cloud.ts';
import { toCustomerKey, toPlanId, toTenantId } from '../../../src/model/ids.ts';
import { centreNames, functionId, ruleId } from '../../../src/model/logAnalyticsCentre.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import type { RollupTable, WindowKey } from '../../../src/model/rollup.ts';
import type { RollupBatch } from '../../../src/ports/rollups.ts';
import { sha256 } from '../../harness/sha256.ts';
import { openCentre } from './logAnalyticsCentre.ts';
import type { OpenedCentre } from './logAnalyticsCentre.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 31, 23);
let tables = 0;

function tableOf(columns: readonly Column[], more: Partial<RollupTable> = {}): RollupTable {
  const hash = (++tables).toString(16).padStart(8, '0');
  return { id: `Beats-${hash}`, name: 'Beats', kind: 'portion', columns, viewColumns: [], windowMinutes: 60, ...more };
}

const N: readonly Column[] = [
  { name: 'N', type: 'long' },
  { name: 'Text', type: 'string' },
];

function batchOf(table: RollupTable, rows: readonly (readonly Cell[])[], hour = 0): RollupBatch {
  const key: WindowKey = {
    rollup: table.id,
    workspace: 'w1',
    from: START + hour * HOUR,
    to: START + (hour + 1) * HOUR,
  };
  const keys = new RowKeys(sha256, key, table.columns);
  const [from, to] = [key.from, key.to].map((ms) => new Date(ms).toISOString());
  async function* pages(): RollupBatch['pages'] {
    yield rows.map((row) => ['Contoso', 'tenant', 'law', table.id, from!, to!, keys.next(row), ...row]);
    await Promise.resolve();
  }
  return { table, key, customer: toCustomerKey('contoso'), pages: pages(), mayCommit: () => Promise.resolve() };
}

describe('rows on their way into Log Analytics', () => {
  let opened: OpenedCentre;
  const beats = tableOf(N);
  const numbers = async (table = beats): Promise<number[]> => {
    const rows = await opened.ask(`${table.name} | sort by N asc | project N`);
    return rows.map(([n]) => Number(n));
  };
  const rule = () =>
    opened.emulator.world.resources.get(lower(ruleId(opened.centre.workspace, centreNames(beats.id).rule)))!;
  const requests = (): number => opened.emulator.calls.list().filter(({ service }) => service === 'ingestion').length;
  const write = (rows: readonly (readonly Cell[])[], hour = 0) => opened.sink.write(batchOf(beats, rows, hour), NEVER);

  before(async () => {
    opened = await openCentre();
    const { result } = await opened.prepare(beats);
    assert.equal(result.ok, true, JSON.stringify(result.error));
  });
  after(() => opened.close());

  it('are there once, though a request failed that was stored, was stored by half, or twice', async () => {
    for (const [hour, as] of (['failed', 'half', 'twice'] as const).entries()) {
      opened.emulator.faults.add({
        id: as,
        match: { service: 'ingestion' },
        fault: { kind: 'storedOddly', as },
        times: 2,
      });
      assert.equal(
        (
          await write(
            [
              [hour, 'a'],
              [hour, 'a'],
              [hour, 'b'],
            ],
            hour,
          )
        ).rows,
        3,
        as,
      );
    }
    assert.deepEqual(await numbers(), [0, 0, 0, 1, 1, 1, 2, 2, 2]);
    const [[stored]] = (await opened.ask(`${centreNames(beats.id).rows} | count`)) as [[number]];
    assert.ok(stored > 9, 'the table itself has doubles');
  });

  it('that are lost though they were accepted never count', async () => {
    opened.emulator.faults.add({
      id: 'lost',
      match: { service: 'ingestion' },
      fault: { kind: 'storedOddly', as: 'lost' },
    });
    const lost = opened.sinkThatWaits(100).write(batchOf(beats, [[7, '']], 7), NEVER);
    await assert.rejects(lost, { code: 'service.notVisible', retryable: true });
    opened.emulator.faults.remove('lost');
    assert.ok(!(await numbers()).includes(7));
  });

  it('are not passed over in silence when somebody stops between two requests, as the client itself does', async () => {
    const many = Array.from({ length: 6 }, (_, n) => ({ [`N_long`]: String(n), Text_string: 'x'.repeat(600_000) }));
    const { name, properties } = rule();
    const stream = {
      rule: name,
      immutableId: String(properties['immutableId']),
      stream: centreNames(beats.id).rowsStream,
    };
    const { cloud } = opened.emulator;
    const http = new NodeHttpClient({ ca: cloud.ca! });
    const stopping = (stop: AbortController): PipelinePolicy => ({
      name: 'stopAfterAnswer',
      async sendRequest(request, next) {
        const answer = await next(request);
        stop.abort();
        return answer;
      },
    });
    const credential = new SessionCredential(opened.connection.tokens, opened.issuer);
    const bare = new LogsIngestionClient(cloud.ingestion!.hosts, credential, { httpClient: http });
    const stop = new AbortController();
    bare.pipeline.addPolicy(stopping(stop));
    const before_ = requests();
    await bare.upload(stream.immutableId, stream.stream, many, { abortSignal: stop.signal, maxConcurrency: 1 });
    assert.equal(requests() - before_, 1, 'the client resolves with five of six requests unsent');
    http.dispose();

    const door = new IngestionDoor(
      credential,
      cloud.ingestion!.hosts,
      opened.connection.clients.settings,
      opened.issuer,
    );
    const late = new AbortController();
    const { client } = door as unknown as { readonly client: LogsIngestionClient };
    client.pipeline.addPolicy(stopping(late));
    await assert.rejects(door.upload(stream, many.slice(0, 1), late.signal), { name: 'AbortError' });
  });

  it('are refused with what to do where the role is missing, and accepted once it works', async () => {
    const { roleAssignments } = opened.emulator.world;
    const at = roleAssignments.findIndex(({ scope }) => lower(scope) === lower(rule().id));
    const [role] = roleAssignments.splice(at, 1);
    opened.emulator.world.touch();
    await assert.rejects(write([[9, '']], 9), (error: AppError) => {
      assert.equal(error.code, 'access.ingestion');
      assert.match(error.message, /needs the role Monitoring Metrics Publisher on the rule.*30 minutes/);
      return true;
    });
    roleAssignments.push(role!);
    opened.emulator.world.touch();
    assert.equal((await write([[9, '']], 9)).rows, 1);
  });

  it('wait as long as the service asks', async () => {
    opened.emulator.faults.add({
      match: { service: 'ingestion' },
      fault: { kind: 'throttle', retryAfterSeconds: 1 },
      times: 1,
    });
    assert.equal((await write([[10, '']], 10)).rows, 1);
  });

  it('are refused before anything is sent where the service would cut them', async () => {
    const before_ = requests();
    for (const [text, what] of [
      ['ä'.repeat(33_000), /A value of Text is longer than 64 KB/],
      ['x'.repeat(70_000), /A value of Text is longer than 64 KB/],
    ] as const)
      await assert.rejects(write([[1, text]], 11), (error: AppError) => {
        assert.equal(error.code, 'query.windowTooLarge');
        assert.match(error.message, what);
        return true;
      });
    assert.equal(requests(), before_);
    assert.equal((await write([[11, 'ä'.repeat(32_000)]], 11)).rows, 1, 'sixty-four thousand bytes are kept');
    assert.deepEqual(await opened.ask('Beats | where N == 11 | project strlen(Text)'), [[32_000]]);
  });

  it('come as they were, whatever their type, and whatever Log Analytics thinks of the names of columns', async () => {
    const table = tableOf(
      [
        { name: 'b', type: 'bool' },
        { name: 'i', type: 'int' },
        { name: 'l', type: 'long' },
        { name: 'r', type: 'real' },
        { name: 'd', type: 'decimal' },
        { name: 's', type: 'string' },
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 't', type: 'timespan' },
        { name: 'g', type: 'guid' },
        { name: 'j', type: 'dynamic' },
        { name: '_ResourceId', type: 'string' },
        { name: 'TenantId', type: 'guid' },
        { name: 'L', type: 'long' },
        { name: 'weird name-of "a" column that is far longer than forty-five letters', type: 'string' },
        { name: 'r_Customer', type: 'string' },
      ],
      { name: 'Types', id: 'Types-0a1b2c3d' },
    );
    const guid = '74be27de-1e4e-49d9-b579-fe0b331d3642';
    const rows: Cell[][] = [
      [
        ...[true, -2_147_483_648, 9_223_372_036_854_775_807n, 0.1, '123456789012345.678901234567890123', 'a"b\n\u2028'],
        ...['0001-01-01T00:00:00.1234567Z', '-1.02:03:04.5678901', guid, '{"a":[1,null,"x"]}'],
        ...['/subscriptions/x', guid, -1, 'w', 'mine'],
      ],
      [
        false,
        7,
        9_007_199_254_740_993n,
        'Infinity',
        '0.1',
        '',
        '9999-12-31T23:59:59.9999999Z',
        '00:00:00',
        guid,
        '"x"',
        '',
        guid,
        0,
        '',
        '',
      ],
      [null, null, null, 'NaN', null, '', null, null, null, null, '', null, null, '', ''],
      [null, null, -9_223_372_036_854_775_808n, 1e300, null, '', null, null, null, '5', '', null, null, '', ''],
    ];
    const { result } = await opened.prepare(table);
    assert.equal(result.ok, true, JSON.stringify(result.error));
    await opened.sink.write(batchOf(table, rows), NEVER);
    const there = (await opened.ask('Types')).map((row) => row.slice(ROLLUP_COLUMNS.length));
    const sorted = (all: readonly (readonly Cell[])[]): string[] =>
      all.map((row) => row.map((cell) => `${typeof cell} ${String(cell)}`).join('\n')).sort();
    assert.deepEqual(sorted(there), sorted(rows));
  });

  it('make the answer of a summary, by the function of the centre', async () => {
    const sums = tableOf(
      [
        { name: 'Hour', type: 'datetime' },
        { name: 'Rows', type: 'long' },
      ],
      {
        name: 'Sums',
        id: 'Sums-0a1b2c3d',
        kind: 'summary',
        view: 'part1 | summarize Rows = sum(Rows) by _Customer, Hour',
      },
    );
    const { plan } = await opened.prepare(sums);
    assert.deepEqual(
      plan.changes.map(({ title }) => title),
      [
        'Create table Sums_0a1b2c3d_CL',
        'Create table Sums_0a1b2c3d_Win_CL',
        `Create data collection rule ${centreNames(sums.id).rule}`,
        'Give the engineer the role Monitoring Metrics Publisher',
        'Save query Sums_parts',
        'Save query Sums',
      ],
    );
    assert.ok(
      plan.commands.some((line) => /role assignment create --name \S+ --scope /.test(line)),
      'as az has it, too',
    );
    await opened.sink.write(batchOf(sums, [['2026-01-31T23:00:00Z', 2]], 0), NEVER);
    await opened.sink.write(batchOf(sums, [['2026-01-31T23:00:00Z', 3]], 1), NEVER);
    assert.deepEqual(await opened.ask('Sums'), [['Contoso', '2026-01-31T23:00:00Z', 5]]);
    assert.equal(opened.sink.rowsOnce(sums), 'Sums');
    const again = await opened.prepare(sums);
    assert.deepEqual([...new Set(again.plan.changes.map(({ action }) => action))], ['none'], 'nothing is made twice');
  });

  it('get room for a column that was not there, and no other version of the roll-up is taken for this one', async () => {
    const wider = { ...beats, columns: [...N, { name: 'More', type: 'int' } as const] };
    await assert.rejects(opened.sink.prepare(wider), { code: 'input.centreNotPrepared' });
    const { plan, result } = await opened.prepare(wider);
    assert.deepEqual(
      plan.changes.map(({ action }) => action),
      ['update', 'none', 'update', 'none', 'update'],
    );
    assert.equal(result.ok, true, JSON.stringify(result.error));
    await opened.sink.prepare(wider);
    await opened.sink.prepare(beats);
    const other = tableOf(N);
    await opened.prepare(other);
    await assert.rejects(opened.sink.prepare(beats), /the function Beats is missing, or of another version/);
    await opened.prepare(wider);
    await opened.sink.prepare(beats);
  });

  it('go nowhere but where this cloud takes rows, into the workspace of the centre', async () => {
    const { properties } = rule();
    const asked = { ...properties };
    const with_ = async (changed: Record<string, unknown>, expected: object): Promise<void> => {
      Object.assign(properties, changed);
      await assert.rejects(opened.sink.prepare(beats), expected);
      Object.assign(properties, asked);
    };
    await with_(
      { endpoints: { logsIngestion: 'https://x.eastus-1.ingest.monitor.azure.com.evil.example' } },
      { code: 'network.foreignOrigin' },
    );
    await with_({ endpoints: undefined }, { code: 'input.centreNotPrepared' });
    await with_(
      { destinations: { logAnalytics: [{ name: 'centre', workspaceResourceId: `${opened.centre.workspace}2` }] } },
      /writes into another workspace/,
    );
    await opened.sink.prepare(beats);
    const hosts = (address: string): boolean => isIngestionHost(address, PUBLIC_CLOUD);
    assert.ok(hosts('https://x-5kyl.eastus-1.ingest.monitor.azure.com'));
    for (const evil of [
      'http://x.eastus-1.ingest.monitor.azure.com',
      'https://x.eastus-1.ingest.monitor.azure.com:8443',
      'https://user@x.eastus-1.ingest.monitor.azure.com',
      'https://evil.example/x.ingest.monitor.azure.com',
      'https://ingest.monitor.azure.com',
      'https://x.ingest.monitor.azure.cn',
      'x.ingest.monitor.azure.com',
    ])
      assert.ok(!hosts(evil), evil);
    assert.ok(isIngestionHost('https://x.chinaeast2-1.ingest.monitor.azure.cn', CHINA_CLOUD));
  });

  it('cannot be prepared with a rule that was not made as Direct, nor with a role through Azure Lighthouse', async () => {
    const { centre, issuer, writer } = opened;
    const owner = toTenantId(opened.estate.provider.tenantId);
    const place = { centre, region: 'westeurope', owner, issuer, writer, newId: randomUUID };
    const handlers = changeHandlers(opened.connection.clients);
    const other = tableOf(N);
    const { world } = opened.emulator;
    const at = ruleId(centre.workspace, centreNames(other.id).rule);
    world.resources.set(lower(at), { ...rule(), id: at, kind: 'Linux', properties: { immutableId: 'dcr-1' } });
    world.touch();
    await assert.rejects(makePlan(toPlanId('1'), draftCentre(other, place), handlers), {
      code: 'input.ruleNotDirect',
    });
    const delegated = { ...place, owner: toTenantId(opened.estate.contoso.tenantId) };
    const intents = centreIntents(tableOf(N), delegated).filter(({ resource }) => resource === 'roleAssignment');
    const draft = { ...draftCentre(other, delegated), intents: intents.map((intent) => ({ ...intent, after: [] })) };
    await assert.rejects(makePlan(toPlanId('2'), draft, handlers), (error: AppError) => {
      assert.equal(error.code, 'access.delegatedRole');
      assert.match(error.message, /passes on no rights on data/);
      return true;
    });
  });

  it('leave the answer at once when a customer is erased, and the table when the service has deleted them', async () => {
    const receipt = await opened.sink.erase(toCustomerKey('contoso'));
    assert.ok(receipt.tables.some(({ rollup, windows }) => rollup === beats.id && windows > 3));
    assert.match(receipt.remains.join(' '), /within 30 days.*A record of each window/);
    assert.deepEqual(await numbers(), []);
    // The row that was sent without a customer, above, is nobody's.
    const left = `${centreNames(beats.id).rows} | where isnotempty(r_CustomerKey_string) | count`;
    assert.deepEqual(await opened.ask(left), [[0]]);
    await write([[1, '']]);
    assert.deepEqual(await numbers(), [1], 'what is stored afterwards is there');
    assert.equal(functionId(opened.centre.workspace, 'Beats').endsWith('/savedSearches/rollup-Beats'), true);
  });
});
