/** A summary rule in a customer's workspace: made by a plan, run bin by bin by the emulator, and read as a roll-up. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { changeHandlers } from '../../../src/app/changeHandlers.ts';
import { SummaryRulesClient } from '../../../src/azure/arm/summaryRules.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import type { WantedSummaryRule } from '../../../src/core/runners/summaryRule/summaryRuleHandler.ts';
import { firstBin, namesOfRule } from '../../../src/core/runners/summaryRule/summaryRules.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import type { SummaryRule } from '../../../src/emulator/flows.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import { queryOfRule, toSummaryRule } from '../../../src/kql/rollup/summaryRule.ts';
import { toAccountId, toPlanId, toTenantId } from '../../../src/model/ids.ts';
import type { SummaryRulesPort } from '../../../src/ports/summaryRules.ts';
import { connect, signedIn } from '../azure/connect.ts';
import type { Connection } from '../azure/connect.ts';
import { appToken, ask as send, smallEstate, startSmall } from '../emulator/smallEstate.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BEGIN = Math.floor(Date.now() / HOUR) * HOUR;
const estate = smallEstate(new EmulatedClock(BEGIN + 10 * MINUTE, true));
const { clock } = estate.world;
const workspace = estate.workspaces.contoso;
const { customerId } = workspace.properties;
const issuer = { account: toAccountId('test:engineer@provider.example'), tenant: toTenantId(estate.provider.tenantId) };
const columns = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Computer', type: 'string' },
] as const;
const rule = toSummaryRule('Heartbeat | summarize n = count() by bin(TimeGenerated, 30m), Computer', [
  { tables: [{ name: 'Heartbeat', columns }] },
]);
const { rule: name, table } = namesOfRule('Beats-01234567');
const armId = `${workspaceScope(workspace)}/summaryLogs/${name}`;

describe('a summary rule', () => {
  let emulator: Emulator, person: ReturnType<typeof signedIn>, connection: Connection, port: SummaryRulesPort;
  before(async () => {
    // A row every ten minutes; one of them comes an hour and a half late.
    const late = BEGIN + 15 * MINUTE;
    const logs = {
      customerId,
      resources: [],
      tables: [
        {
          kind: 'made' as const,
          table: 'Heartbeat',
          columns,
          constants: {},
          span: HOUR,
          rows(from: number, to: number): string[][] {
            const made: string[][] = [];
            for (let at = Math.ceil((from + 1) / (10 * MINUTE)) * 10 * MINUTE; at <= to; at += 10 * MINUTE)
              made.push([new Date(at).toISOString(), 'pc']);
            const came = late + 90 * MINUTE;
            return came > from && came <= to ? [...made, [new Date(late).toISOString(), 'late']] : made;
          },
        },
      ],
    };
    emulator = await startSmall(estate, {
      logs: { find: (id) => (id === customerId ? logs : undefined), all: () => [logs] },
    });
    person = signedIn(emulator, estate.engineer, 'pass');
    connection = connect(emulator, person);
    port = new SummaryRulesClient(connection.clients);
  });
  after(async () => {
    person.close();
    connection.dispose();
    await emulator.close();
  });

  const kept = (): SummaryRule => workspace.summaryRules!.get(name.toLowerCase())!;
  async function plan(more: Partial<WantedSummaryRule> = {}) {
    const handlers = changeHandlers(connection.clients);
    const wanted: WantedSummaryRule = {
      place: workspace.name,
      description: 'Roll-up Beats',
      query: rule.query,
      binMinutes: rule.binMinutes,
      delayMinutes: 10,
      start: firstBin(clock.now(), rule.binMinutes),
      table,
      ...more,
    };
    const intents = [{ id: 'rule', resource: 'summaryRule', target: armId, wanted }];
    const draft = { title: 'Rule', issuer, owner: toTenantId(estate.contoso.tenantId), intents };
    const prepared = await makePlan(toPlanId(randomUUID()), draft, handlers);
    return {
      plan: prepared.plan,
      apply: async () => (await applyPlan(prepared, { handlers, clock: SYSTEM_CLOCK, report: () => undefined })).result,
    };
  }
  /** Moves the clock, and waits until the rule has done what is due. */
  async function until(minutes: number, done: (progress: NonNullable<SummaryRule['progress']>) => boolean) {
    clock.set(BEGIN + minutes * MINUTE);
    estate.world.touch();
    while (!done(kept().progress!)) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const ask = async (query: string): Promise<unknown> => {
    const { tables } = await connection.logs.query(
      { issuer, workspaceGuid: customerId, armId: workspaceScope(workspace), query, noCache: true },
      NEVER,
    );
    const { rows } = tables[0]!;
    return 'pages' in rows ? [...rows.pages()].flat() : rows;
  };
  const stored = (): Promise<unknown> =>
    ask(
      `${queryOfRule(rule, name, table)}| project Bin = bin(TimeGenerated, 30m), Computer, n | sort by Bin asc, Computer asc | project Minutes = (Bin - datetime(${new Date(BEGIN).toISOString()})) / 1m, Computer, n`,
    );

  test('is made by a plan that says what it will never count, and is there afterwards', async () => {
    const { plan: made, apply } = await plan();
    assert.equal(made.changes[0]!.action, 'create');
    assert.match(made.warnings.join(), /more than 10 minutes after the end of their 30 minutes are never counted/);
    assert.match(made.template, /"type": "Microsoft.OperationalInsights\/workspaces\/summaryLogs"/);
    const result = await apply();
    assert.equal(result.error, undefined);
    assert.equal((await plan()).plan.changes[0]!.action, 'none');
    assert.deepEqual(
      (await port.rules(issuer, workspaceScope(workspace))).map(({ name: own, active, table: to }) => [
        own,
        active,
        to,
      ]),
      [[name, true, table]],
    );
  });

  test('counts each bin once, when its delay is over; a row that comes later is in no bin', async () => {
    await until(99, ({ next }) => next >= BEGIN + HOUR);
    assert.deepEqual(await ask(`${table} | count`), [[0]], 'the first bin is not over for long enough');
    await until(101, ({ next }) => next >= BEGIN + 90 * MINUTE);
    await until(131, ({ next }) => next >= BEGIN + 120 * MINUTE);
    assert.deepEqual(await stored(), [
      [60, 'pc', 3],
      [90, 'pc', 3],
    ]);
    // The late row is there for all to see, and stays uncounted.
    assert.deepEqual(await ask('Heartbeat | where Computer == "late" | count'), [[1]]);
    assert.deepEqual(await ask(`${table} | where Computer == "late" | count`), [[0]]);
  });

  test('gives a bin up after ten tries, and stops after eight bins; a bin is computed when it is asked for again', async () => {
    const heartbeat = workspace.tables.get('heartbeat')!;
    workspace.tables.delete('heartbeat');
    let minutes = 131;
    while (kept().isActive) {
      clock.set(BEGIN + (minutes += 48) * MINUTE);
      const { failed, tried } = kept().progress!;
      const before = failed.length * 100 + (tried?.times ?? 0);
      estate.world.touch();
      const moved = (): boolean => {
        const now = kept().progress!;
        return now.failed.length * 100 + (now.tried?.times ?? 0) !== before;
      };
      while (kept().isActive && !moved()) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assert.equal(kept().progress!.failed.length, 8);
    workspace.tables.set('heartbeat', heartbeat);
    const { plan: shown } = await plan();
    assert.match(shown.warnings.join(), /stopped tenantscope_Beats_01234567 after eight bins that failed/);
    const [bin] = kept().progress!.failed;
    assert.equal((await port.rule(issuer, armId))!.stopped, 'DataPlaneError');
    const token = await appToken(emulator, estate, estate.provider);
    const body = { properties: { retryBinStartTime: new Date(bin!).toISOString() } };
    const again = { method: 'POST', token, body };
    assert.equal((await send(emulator, `${armId}/retrybin?api-version=2025-07-01`, again)).status, 202);
    assert.equal(kept().progress!.failed.length, 7);
    assert.deepEqual(
      await ask(`${table} | where _BinStartTime == datetime(${body.properties.retryBinStartTime}) | project n`),
      [[3]],
    );
    assert.equal((await send(emulator, `${armId}/retrybin?api-version=2025-07-01`, again)).status, 400, 'once');
  });

  test('that was stopped is started again by its plan, and removed by another', async () => {
    const { plan: shown, apply } = await plan();
    assert.deepEqual(shown.changes[0]!.differences, [{ name: 'State', before: 'stopped', after: 'active' }]);
    assert.equal((await apply()).error, undefined);
    assert.equal((await port.rule(issuer, armId))!.active, true);
    const gone = await plan({ absent: true });
    assert.equal(gone.plan.changes[0]!.action, 'delete');
    assert.equal((await gone.apply()).error, undefined);
    assert.equal(await port.rule(issuer, armId), undefined);
  });
});
