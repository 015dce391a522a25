/**
 * A Logic App that is made by a plan and run by the emulator's interpreter, against the query and ingestion services
 * over TLS: what the centre has is what the workspaces have of every window that is over, once.
 */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { changeHandlers } from '../../../src/app/changeHandlers.ts';
import { CentreClient } from '../../../src/azure/arm/centre/centreClient.ts';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import type { Draft } from '../../../src/core/changes/makePlan.ts';
import { rollupId } from '../../../src/core/rollup/versions.ts';
import { draftLogicApp, draftLogicAppRoles, logicAppId } from '../../../src/core/runners/logicApp/draftLogicApp.ts';
import { logicAppTemplate, workflowOf } from '../../../src/core/runners/logicApp/logicApp.ts';
import type { LogicAppSpec } from '../../../src/core/runners/logicApp/logicApp.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { LogicApp } from '../../../src/emulator/logicApps/workflow.ts';
import type { Workspace as EmulatedWorkspace } from '../../../src/emulator/state.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import { planRollup } from '../../../src/kql/rollup/planRollup.ts';
import type { AccessPathKind, Workspace } from '../../../src/model/estate.ts';
import { toPlanId, toTenantId, toWorkspaceGuid } from '../../../src/model/ids.ts';
import { centreNames, ruleId } from '../../../src/model/logAnalyticsCentre.ts';
import type { RollupTable } from '../../../src/model/rollup.ts';
import { definition } from '../../unit/runners/definitions.ts';
import { workspace as told } from '../../unit/runners/logicAppSpec.ts';
import { appToken, ask as send, smallEstate } from '../emulator/smallEstate.ts';
import { openCentre } from './logAnalyticsCentre.ts';
import type { OpenedCentre } from './logAnalyticsCentre.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Until rows can be seen in the centre. */
const DELAY = 5 * MINUTE;
const BEGIN = Math.floor(Date.now() / HOUR) * HOUR;
const SCHEMA = {
  tables: [
    {
      name: 'Heartbeat',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Computer', type: 'string' },
      ] as const,
    },
  ],
};

const estate = smallEstate(new EmulatedClock(BEGIN + 30 * MINUTE, true));
const { clock } = estate.world;
const sources = [estate.workspaces.provider, estate.workspaces.contoso];

/** A row every ten minutes, and each twice: rows that are equal are still two. */
function rows(from: number, to: number): string[][] {
  const made: string[][] = [];
  for (let at = Math.floor(from / (10 * MINUTE)) * 10 * MINUTE; at <= to; at += 10 * MINUTE)
    if (at > from) for (let twin = 0; twin < 2; twin++) made.push([new Date(at).toISOString(), `pc "${at % 7}"`]);
  return made;
}

describe('a roll-up by a Logic App', () => {
  let opened: OpenedCentre;
  let spec: LogicAppSpec;
  let table: RollupTable;
  let moving: NodeJS.Timeout;

  before(async () => {
    const source = (workspace: EmulatedWorkspace) => ({
      customerId: workspace.properties.customerId,
      resources: [],
      tables: [
        {
          kind: 'made' as const,
          table: 'Heartbeat',
          columns: SCHEMA.tables[0]!.columns,
          constants: {},
          span: 24 * HOUR,
          rows: (from: number, to: number) => rows(from, to),
        },
      ],
    });
    const logs = sources.map(source);
    opened = await openCentre(DELAY, {
      estate,
      logs: { find: (id) => logs.find(({ customerId }) => customerId === id.toLowerCase()), all: () => logs },
    });
    const made = definition({
      query: 'Heartbeat | project TimeGenerated, Computer',
      everyMinutes: 1440,
      limits: { rows: 1_000 },
    });
    const plan = planRollup(made.query, [SCHEMA]);
    table = {
      id: rollupId(made, (text) => createHash('sha256').update(text).digest('hex')),
      name: made.name,
      kind: plan.kind,
      columns: plan.part.columns,
      viewColumns: plan.viewColumns,
      windowMinutes: made.windowMinutes,
    };
    const { result } = await opened.prepare(table);
    assert.equal(result.error, undefined);
    const { issuer, centre, emulator, connection } = opened;
    const rule = (await new CentreClient(connection.clients).collectionRule(
      issuer,
      ruleId(centre.workspace, centreNames(table.id).rule),
    ))!;
    const asTold = (workspace: EmulatedWorkspace, tenant: string, kind: AccessPathKind): Workspace => ({
      ...told(workspace.name, { tenant, kind }),
      armId: workspaceScope(workspace),
      guid: toWorkspaceGuid(workspace.properties.customerId),
      paths: [{ kind, account: issuer.account, issuer: issuer.tenant }],
    });
    spec = {
      definition: made,
      table,
      plan,
      centre,
      targets: [
        {
          workspace: asTold(sources[0]!, estate.provider.tenantId, 'home'),
          customer: 'Provider',
          tenant: 'Provider',
          schema: SCHEMA,
        },
        {
          workspace: asTold(sources[1]!, estate.contoso.tenantId, 'lighthouse'),
          customer: 'Contoso',
          tenant: 'Contoso',
          schema: SCHEMA,
        },
      ],
      places: {
        query: { origin: emulator.url, audience: 'https://api.loganalytics.io' },
        ingestion: { origin: rule.endpoint!, audience: 'https://monitor.azure.com' },
        immutableId: rule.immutableId,
        centre: estate.workspaces.provider.properties.customerId,
      },
      since: BEGIN - HOUR,
    };
    // What waits for rows to be seen waits by this clock, which goes on while nobody is being answered.
    let idle = 0;
    moving = setInterval(() => {
      const { calls } = opened.emulator;
      idle = waiting && calls.counts().inFlight === 0 ? idle + 1 : 0;
      // Behind a record the next run begins, and that is not to see it.
      const patience = calls.list({}).at(-1)?.path.includes('_Win_CL') ? 100 : 5;
      if (idle % patience === patience - 1) clock.advance(DELAY);
    }, 20);
  });
  let waiting = false;
  after(async () => {
    clearInterval(moving);
    await opened.close();
  });

  const app = (): LogicApp => estate.world.logicApps.get(logicAppId(spec).toLowerCase())!;
  async function carryOut(draft: Draft) {
    const handlers = changeHandlers(opened.connection.clients);
    const prepared = await makePlan(toPlanId(randomUUID()), draft, handlers);
    const { result } = await applyPlan(prepared, { handlers, clock: SYSTEM_CLOCK, report: () => undefined });
    return { plan: prepared.plan, result };
  }
  /** Starts the workflow this often at once, and waits until all of it is over. */
  async function trigger(times: number): Promise<readonly string[]> {
    const token = await appToken(opened.emulator, estate, estate.provider);
    const count = app().runs.length + times;
    for (let n = 0; n < times; n++)
      await send(opened.emulator, `${logicAppId(spec)}/triggers/Recurrence/run?api-version=2019-05-01`, {
        method: 'POST',
        token,
      });
    waiting = true;
    while (app().runs.length < count || app().runs.some(({ endTime }) => endTime === undefined))
      await new Promise((resolve) => setTimeout(resolve, 10));
    waiting = false;
    return app()
      .runs.filter(({ trigger }) => trigger.scheduledTime === undefined)
      .slice(0, times)
      .map(({ status, actions }) =>
        status === 'Succeeded' ? status : JSON.stringify(actions.filter(({ error }) => error)),
      );
  }
  /** The end of the last window that is over. */
  const lastEnd = (): number => Math.floor((clock.now() - 10 * MINUTE) / HOUR) * HOUR;
  /** What the centre has, and what the workspaces have of the windows up to a time, or to one that is over since. */
  async function compare(least: number): Promise<void> {
    clock.advance(DELAY + MINUTE);
    const [[last]] = (await opened.ask(`${centreNames(table.id).windows} | summarize max(r_WindowEnd_datetime)`)) as [
      [string],
    ];
    const until = Math.max(least, Date.parse(last));
    const stored = await opened.ask(
      `${table.name} | project _Workspace, TimeGenerated, Computer | sort by _Workspace asc, TimeGenerated asc, Computer asc`,
    );
    const expected = sources
      .map(({ name }) => name)
      .sort()
      .flatMap((name) => rows(BEGIN - HOUR - 1, until - 1).map((row) => [name, ...row]));
    const plain = stored.map(([name, time, computer]) => [name, new Date(String(time)).toISOString(), computer]);
    assert.deepEqual(plain, expected);
  }

  test('is made by a plan, which shows its limits, and its identity is given its roles by another', async () => {
    const owner = toTenantId(estate.provider.tenantId);
    const place = { issuer: opened.issuer, owner, region: 'westeurope', newId: randomUUID };
    const { plan, result } = await carryOut(draftLogicApp(spec, place));
    assert.equal(result.error, undefined);
    assert.ok(plan.warnings.some((warning) => warning.includes('It does not hear of "rollup pause"')));
    assert.match(plan.template, /"type": "Microsoft.Logic\/workflows"/);
    const [principal] = result.changes[0]!.ids!;
    const again = await makePlan(
      toPlanId(randomUUID()),
      draftLogicApp(spec, place),
      changeHandlers(opened.connection.clients),
    );
    assert.deepEqual(
      again.plan.changes.map(({ action }) => action),
      ['none'],
    );
    const roles = await carryOut(draftLogicAppRoles(spec, principal!.value, place));
    assert.equal(roles.result.error, undefined);
    assert.ok(roles.plan.warnings.some((warning) => /^law-contoso: in other tenants\..* have to name/.test(warning)));
  });

  test('its template is one that Resource Manager takes, with every text as it was', async () => {
    const template = JSON.parse(logicAppTemplate(spec)) as object;
    const token = await appToken(opened.emulator, estate, estate.provider);
    const at = `${spec.centre.workspace.replace(/\/providers\/.*/, '')}/providers/Microsoft.Resources/deployments/app`;
    const body = { properties: { mode: 'Incremental', template } };
    const { status, text } = await send(opened.emulator, `${at}?api-version=2022-09-01`, {
      method: 'PUT',
      token,
      body,
    });
    assert.equal(status, 201, text);
    const properties = workflowOf(spec);
    assert.deepEqual(app().parameters, properties.parameters);
    assert.deepEqual(app().definition, JSON.parse(JSON.stringify(properties.definition)));
  });

  test('a workspace that its delegation does not open fails by itself; the others are stored', async () => {
    const [state] = await trigger(1);
    assert.match(state!, /InsufficientAccessError|Forbidden|"Ask"/);
    clock.advance(DELAY + MINUTE);
    assert.deepEqual(await opened.ask(`${table.name} | distinct _Workspace`), [['law-provider']]);
    // The customer names the identity in its delegation.
    const [delegation] = estate.world.delegations;
    delegation!.authorizations.push({
      principalId: app().principalId!,
      roleDefinitionId: '73c42c96-874c-492b-b04d-ab87d138a893',
    });
    estate.world.touch();
    const until = lastEnd();
    assert.deepEqual(await trigger(1), ['Succeeded']);
    await compare(until);
  });

  test('two starts at once, the second before the first can be seen: every row is there once', async () => {
    clock.advance(HOUR);
    const until = lastEnd();
    assert.deepEqual(await trigger(2), ['Succeeded', 'Succeeded']);
    await compare(until);
    const attempts = await opened.ask(
      `${centreNames(table.id).rows} | summarize dcount(r_Write_string) by r_WindowStart_datetime, r_Workspace_string | summarize max(dcount_r_Write_string)`,
    );
    assert.deepEqual(attempts, [[2]], 'the second sent a window again whose record it could not see yet');
  });

  test('what is sent in vain is sent again, and what came twice is there once', async () => {
    clock.advance(HOUR);
    const until = lastEnd();
    for (const as of ['half', 'twice'] as const)
      opened.emulator.faults.add({ fault: { kind: 'storedOddly', as }, match: { service: 'ingestion' }, times: 1 });
    assert.deepEqual(await trigger(1), ['Succeeded']);
    await compare(until);
  });
});
