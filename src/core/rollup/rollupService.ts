import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { SourceSchema } from '../../kql/scopeSchema.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { EraseReceipt, RollupDefinition, RollupTable, TimeWindow } from '../../model/rollup.ts';
import type { SinkPort } from '../../ports/rollups.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { resolveScope } from '../estate/scope.ts';
import { foreignNames } from '../runs/foreignNames.ts';
import { eraseCustomer } from './eraseCustomer.ts';
import { DOCUMENTS } from './progress.ts';
import type { RollupProgress, RollupSwitches, RollupVersion } from './progress.ts';
import type { RollupWorld } from './rollupWorld.ts';
import { runWorkspace } from './runWorkspace.ts';
import type { WorkspaceResult } from './workspaceJob.ts';
import { changeSwitches, loadSwitches, mayRun } from './switches.ts';
import { openVersion, rollupId } from './versions.ts';
import type { OpenedVersion } from './versions.ts';

/** Windows that are read and sent at once: each holds a page of an answer, and one writes while others wait. */
const AT_ONCE = 8;

/** How roll-ups are run. */
export interface RollupRunOptions {
  readonly onlyDue?: boolean;
  readonly backfill?: TimeWindow;
  readonly signal?: CancelSignal;
  /** Hears how many workspaces are done with, and what each brought. */
  readonly settled?: (done: number, total: number, one: WorkspaceReport) => void;
}

/** What became of one workspace for one sink, with its name and whose it is. */
export interface WorkspaceReport extends WorkspaceResult {
  readonly customer: string;
  readonly workspace: string;
  readonly sink: string;
}

/** What became of a roll-up: its workspaces, and whom nobody could ask, or why it could not begin. */
export interface RollupReport {
  readonly rollup: string;
  readonly id: string;
  /** What is stored; absent where it could not begin. */
  readonly table?: RollupTable;
  readonly error?: AppErrorData;
  readonly workspaces: readonly WorkspaceReport[];
  /** Tenants of the scope whose workspaces nobody could list. */
  readonly missing: readonly { readonly customer: string; readonly tenant: string }[];
}

/** Pulls what definitions say to their sinks, window by window. See ARCHITECTURE.md, How a roll-up is pulled. */
export class RollupService {
  private readonly world: RollupWorld;

  constructor(world: RollupWorld) {
    this.world = world;
  }

  /**
   * Runs a roll-up over its scope: what is to be stored now is, in every workspace that can be asked. One that fails
   * is told in the report. Rejects only when cancelled, and where the state cannot be read.
   */
  async run(definition: RollupDefinition, options: RollupRunOptions = {}): Promise<RollupReport> {
    const { world } = this;
    const id = rollupId(definition, world.digest);
    const none = { rollup: definition.name, id, workspaces: [], missing: [] };
    await this.sweep();
    try {
      const sinks = definition.sinks.map((name) => this.sink(name));
      const { signal = NEVER } = options;
      const { estate, workspaces, gaps, schemas, version } = await this.open(definition, signal);
      const missing = gaps.map(({ customerName: customer, tenantName: tenant }) => ({ customer, tenant }));
      for (const sink of sinks) await sink.prepare(version.table);
      const jobs = workspaces.flatMap((workspace) => sinks.map((sink) => ({ workspace, sink })));
      const reading = new Limiter(AT_ONCE);
      const limiters = new Map(sinks.map((sink) => [sink, new Limiter(sink.atOnce ?? AT_ONCE)]));
      let done = 0;
      const reports = await Promise.all(
        jobs.map(async ({ workspace, sink }) => {
          const told = schemas.get(workspace.key)!;
          const result: WorkspaceResult | undefined = told.ok
            ? await limiters
                .get(sink)!
                .run(() => this.one(definition, version, workspace, told.value, estate, sink, reading, options), signal)
            : { state: 'failed', windows: 0, rows: 0, bytes: 0, gaps: [], error: told.error };
          if (!result) return [];
          const report: WorkspaceReport = {
            customer: EstateIndex.of(estate).customerName(workspace.customer),
            workspace: workspace.name,
            sink: sink.name,
            ...result,
          };
          options.settled?.(++done, jobs.length, report);
          return [report];
        }),
      );
      return { rollup: definition.name, id, table: version.table, workspaces: reports.flat(), missing };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family === 'cancelled') throw error;
      return { ...none, error: error.toData() };
    }
  }

  /**
   * The version that a definition means, as `run` would store it: planned over its scope and kept where it is new. No
   * centre is asked anything. Rejects as `run` tells.
   */
  async table(definition: RollupDefinition, signal: CancelSignal = NEVER): Promise<RollupTable> {
    return (await this.open(definition, signal)).version.table;
  }

  /** How far every version of every roll-up is, in every workspace that was begun. */
  async status(): Promise<readonly RollupProgress[]> {
    const { state } = this.world;
    const found: RollupProgress[] = [];
    for (const name of await state.list(DOCUMENTS.versions)) {
      const id = name.slice(DOCUMENTS.versions.length + 1);
      for (const document of await state.list(DOCUMENTS.progresses(id))) {
        const { value } = await state.load<RollupProgress>(document);
        if (value) found.push(value);
      }
    }
    return found;
  }

  /** What is switched off now. */
  switches(): Promise<RollupSwitches> {
    return loadSwitches(this.world.state);
  }

  /** The id of the version that a definition means. */
  idOf(definition: RollupDefinition): string {
    return rollupId(definition, this.world.digest);
  }

  /** Every version that was ever run. */
  async versions(): Promise<readonly RollupVersion[]> {
    const { state } = this.world;
    const found: RollupVersion[] = [];
    for (const name of await state.list(DOCUMENTS.versions)) {
      const { value } = await state.load<RollupVersion>(name);
      if (value) found.push(value);
    }
    return found;
  }

  /** A version by its id, as it was planned; undefined where it was never run. */
  async version(id: string): Promise<RollupVersion | undefined> {
    if (!/^[\w-]{1,80}$/.test(id)) return undefined;
    return (await this.world.state.load<RollupVersion>(DOCUMENTS.version(id))).value;
  }

  /** Nothing of a roll-up is read or stored until it is resumed; it then goes on where it was. */
  async pause(rollup: string): Promise<void> {
    await changeSwitches(this.world.state, (now) => ({ ...now, paused: [...new Set([...now.paused, rollup])] }));
  }

  /** Goes on with a roll-up. */
  async resume(rollup: string): Promise<void> {
    await changeSwitches(this.world.state, (now) => ({ ...now, paused: now.paused.filter((name) => name !== rollup) }));
  }

  /** Nothing of a customer is read or stored from now on, not even what is on its way. */
  async switchOff(customer: CustomerKey): Promise<void> {
    await changeSwitches(this.world.state, (now) => ({ ...now, off: [...new Set([...now.off, customer])] }));
  }

  /** The customer is read again: from where it was, or, where it was erased, anew. */
  async switchOn(customer: CustomerKey): Promise<void> {
    const without = (keys: readonly CustomerKey[]): CustomerKey[] => keys.filter((key) => key !== customer);
    await changeSwitches(this.world.state, (now) => ({
      ...now,
      off: without(now.off),
      erased: without(now.erased),
    }));
  }

  /** Switches a customer off and removes all that is stored of it, in every sink. */
  erase(customer: CustomerKey): Promise<readonly EraseReceipt[]> {
    return eraseCustomer(customer, this.world);
  }

  /** The version that a definition means, as it is kept; undefined before its first run. */
  async stored(definition: RollupDefinition): Promise<RollupVersion | undefined> {
    const { state, digest } = this.world;
    return (await state.load<RollupVersion>(DOCUMENTS.version(rollupId(definition, digest)))).value;
  }

  /** The table and view of a definition in its sinks, without anything being stored. */
  rowsOnce(table: RollupTable, sink: string): string {
    return this.sink(sink).rowsOnce(table);
  }

  /**
   * Whom a definition asks, with their tables, and the version it means; customers that are switched off are named.
   * Rejects as `run` tells.
   */
  async open(definition: RollupDefinition, signal: CancelSignal = NEVER) {
    const { world } = this;
    const estate = await world.estate();
    const { workspaces, problems, gaps } = resolveScope(definition.scope, estate);
    const wrong = problems.filter(({ selector }) => selector || gaps.length === 0);
    if (wrong.length > 0) throw new AppError('input.scope', wrong.map(({ message }) => message).join(' '));
    const schemas = await world.schemas.ofWorkspaces(
      workspaces.map(({ key }) => key),
      { signal, background: true },
    );
    const version = await openVersion(
      definition,
      world.state,
      world.digest,
      await world.planner(),
      () => {
        const unlisted = gaps.flatMap(({ error }) => (error ? [{ ok: false, error } as const] : []));
        return Promise.resolve(knownTables([...schemas.values(), ...unlisted]));
      },
      foreignNames(estate, new Set(workspaces.map(({ customer }) => customer))),
    );
    const { off } = await loadSwitches(world.state);
    return { estate, workspaces, gaps, schemas, version, off };
  }

  private sink(name: string): SinkPort {
    const found = this.world.sinks.find((sink) => sink.name === name);
    if (found) return found;
    const known = this.world.sinks.map((sink) => sink.name).join(', ');
    throw new AppError('input.rollup', `There is no sink "${name.slice(0, 40)}"; there are ${known}.`);
  }

  /** A runner that slept while a customer was erased may have stored a window since: it goes, too. */
  private async sweep(): Promise<void> {
    const { erased } = await loadSwitches(this.world.state);
    for (const customer of erased) for (const sink of this.world.sinks) await sink.erase(customer);
  }

  /** Undefined where the query's own conditions leave the workspace out, or it has none of the tables. */
  private async one(
    definition: RollupDefinition,
    version: OpenedVersion,
    workspace: Workspace,
    schema: SourceSchema,
    estate: Estate,
    sink: SinkPort,
    reading: Limiter,
    options: RollupRunOptions,
  ): Promise<WorkspaceResult | undefined> {
    const { plan, planner } = version;
    const index = EstateIndex.of(estate);
    const asked = planner.isAsked(plan.part, {
      _Customer: index.customerName(workspace.customer),
      _Tenant: index.tenantName(workspace.tenant),
      _Workspace: workspace.name,
    });
    if (!asked) return undefined;
    const { onlyDue, backfill, signal = NEVER } = options;
    return runWorkspace(
      {
        definition,
        version,
        workspace,
        schema,
        estate,
        sink,
        reading,
        mayRun: (customer = workspace.customer) => mayRun(this.world.state, definition.name, customer),
        ...(onlyDue ? { onlyDue } : {}),
        ...(backfill ? { backfill } : {}),
        signal,
      },
      this.world,
    );
  }
}

/** Tables of those that told them; where nobody did, what the first of them met is why. */
function knownTables(told: readonly Outcome<SourceSchema>[]): readonly SourceSchema[] {
  const known = told.flatMap((one) => (one.ok ? [one.value] : []));
  const failed = told.find((one) => !one.ok);
  if (known.length === 0 && failed && !failed.ok) throw AppError.fromData(failed.error);
  return known;
}
