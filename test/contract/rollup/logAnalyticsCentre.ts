import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeHandlers } from '../../../src/app/changeHandlers.ts';
import { CentreClient } from '../../../src/azure/arm/centre/centreClient.ts';
import { SavedQueriesClient } from '../../../src/azure/arm/savedQueries.ts';
import { LogAnalyticsTarget } from '../../../src/azure/ingestion/logAnalyticsTarget.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { AppError } from '../../../src/base/errors.ts';
import { draftCentre } from '../../../src/core/centre/centreIntents.ts';
import type { CentreWriter } from '../../../src/core/centre/roleAssignmentHandler.ts';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import { AppendOnlySink } from '../../../src/core/rollup/appendOnly/appendOnlySink.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import type { Emulator, EmulatorOptions } from '../../../src/emulator/emulator.ts';
import { assignRole } from '../../../src/emulator/populate.ts';
import { toAccountId, toPlanId, toTenantId } from '../../../src/model/ids.ts';
import type { LogAnalyticsCentre } from '../../../src/model/centre.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import type { Plan, PlanResult } from '../../../src/model/plan.ts';
import type { RollupTable } from '../../../src/model/rollup.ts';
import type { Issuer } from '../../../src/ports/issuer.ts';
import { connect, signedIn } from '../azure/connect.ts';
import type { Connection } from '../azure/connect.ts';
import { smallEstate } from '../emulator/smallEstate.ts';
import type { SmallEstate } from '../emulator/smallEstate.ts';

/** A clock on which waiting for a service that is here takes a few milliseconds. */
const HASTY: Clock = {
  now: Date.now,
  sleep: async (ms) => {
    await sleep(Math.min(ms, 15));
  },
};

/** The provider's workspace of the small estate as a centre, over TLS, with the real clients and their tokens. */
export interface OpenedCentre {
  readonly emulator: Emulator;
  readonly estate: SmallEstate;
  readonly connection: Connection;
  readonly issuer: Issuer;
  readonly centre: LogAnalyticsCentre;
  readonly sink: AppendOnlySink;
  /** One that gives up after so many milliseconds. */
  readonly sinkThatWaits: (visibleWithinMs: number) => AppendOnlySink;
  readonly writer: CentreWriter;
  /** Plans the centre for a roll-up, and carries that out. */
  prepare(table: RollupTable, writer?: CentreWriter): Promise<{ readonly plan: Plan; readonly result: PlanResult }>;
  /** Asks the centre's workspace. */
  ask(query: string): Promise<readonly (readonly Cell[])[]>;
  close(): Promise<void>;
}

/** `delayMs`: until rows can be seen. */
export async function openCentre(
  delayMs = 0,
  { estate = smallEstate(), ...more }: Partial<EmulatorOptions> & { readonly estate?: SmallEstate } = {},
): Promise<OpenedCentre> {
  const { engineer, home, provider } = estate;
  assignRole(estate.world, {
    scope: `/subscriptions/${home.subscriptionId}`,
    principalId: engineer.objectId,
    role: 'User Access Administrator',
  });
  const emulator = await startEmulator({
    world: estate.world,
    ingestionDelayMs: delayMs,
    operations: { durationMs: 0, retryAfterSeconds: 0 },
    ...more,
  });
  const source = signedIn(emulator, engineer, 'pass');
  const connection = connect(emulator, source);
  const { clients, logs } = connection;
  const issuer: Issuer = { account: toAccountId(`test:${engineer.username}`), tenant: toTenantId(provider.tenantId) };
  const workspace = estate.workspaces.provider;
  const centre: LogAnalyticsCentre = {
    kind: 'logAnalytics',
    name: 'centre',
    tenant: provider.tenantId,
    workspace: workspaceScope(workspace),
  };
  const { customerId } = workspace.properties;
  const world = {
    clients,
    logs,
    resources: new CentreClient(clients),
    savedQueries: new SavedQueriesClient(clients),
    clock: HASTY,
  };
  const sinkThatWaits = (visibleWithinMs: number): AppendOnlySink => {
    const target = new LogAnalyticsTarget(centre, customerId, issuer, world, visibleWithinMs);
    return new AppendOnlySink(target, { clock: HASTY, newId: randomUUID, random: Math.random });
  };
  const handlers = changeHandlers(clients);
  const writer: CentreWriter = { principalId: engineer.objectId, name: 'the engineer', principalType: 'User' };
  return {
    emulator,
    estate,
    connection,
    issuer,
    centre,
    sink: sinkThatWaits(60_000),
    sinkThatWaits,
    writer,
    prepare: async (table, who = writer) => {
      const owner = toTenantId(provider.tenantId);
      const draft = draftCentre(table, { centre, region: 'westeurope', owner, issuer, writer: who, newId: randomUUID });
      const prepared = await makePlan(toPlanId(randomUUID()), draft, handlers);
      const { result } = await applyPlan(prepared, { handlers, clock: HASTY, report: () => undefined, signal: NEVER });
      return { plan: prepared.plan, result };
    },
    ask: async (query) => {
      const answer = await logs.query(
        { issuer, workspaceGuid: customerId, armId: centre.workspace, query, noCache: true },
        NEVER,
      );
      if (answer.partial) throw AppError.fromData(answer.partial);
      const rows = answer.tables[0]?.rows ?? [];
      return 'pages' in rows ? [...rows.pages()].flat() : rows;
    },
    close: async () => {
      source.close();
      connection.dispose();
      await emulator.close();
    },
  };
}
