import { NEVER } from '../../base/cancel.ts';
import { Emitter } from '../../base/event.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { Outcome } from '../../base/outcome.ts';
import { mergeSchemas } from '../../kql/scopeSchema.ts';
import type { MergedSchema, SourceSchema } from '../../kql/scopeSchema.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { Completeness } from '../../model/run.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { LogsPort, SchemaTable, WorkspaceSchema } from '../../ports/logs.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { choosePath, issuerOf } from '../estate/path.ts';
import { askWorkspaces } from '../fanOut/askWorkspaces.ts';
import { completenessOfOutcomes } from '../fanOut/completeness.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { SchemaShelf } from '../../ports/schemaShelf.ts';
import { SchemaInterner, sameSchema } from './schemaInterner.ts';
import type { TableCatalog } from './tableCatalog.ts';

/**
 * `merged` covers the workspaces that could be read; `problems` says of the others why not, `completeness` in short.
 */
export interface ScopeSchemaAnswer {
  readonly merged: MergedSchema;
  readonly completeness: Completeness;
  readonly problems: readonly { readonly workspace: WorkspaceKey; readonly error: AppErrorData }[];
}

/** What schemas are asked of, and within whose quota. */
export interface SchemaWorld {
  readonly logs: Pick<LogsPort, 'schema'>;
  /** Where the plans of tables come from: no metadata tells them. */
  readonly catalog: TableCatalog;
  readonly estate: () => Promise<Estate>;
  /** The query API's: metadata counts against the same quota as queries do. */
  readonly quota: QuotaScheduler;
  /** Schemas are asked again after this long; custom tables come and go. */
  readonly maxAgeMs?: number;
  /** What outlives this session; nothing where absent. */
  readonly shelf?: SchemaShelf;
}

/** A workspace that has other tables than it was said to have. */
export interface ChangedSchema {
  readonly workspace: WorkspaceKey;
  readonly schema: SourceSchema;
}

/** How schemas are asked for. */
interface SchemaQuestion {
  readonly signal?: CancelSignal;
  readonly background?: boolean;
  /** Hears each as it comes; `old` is what was told long ago. */
  readonly told?: (workspace: WorkspaceKey, schema: Outcome<SourceSchema>, old: boolean) => void;
  /**
   * Whether what was told long ago will do for now: it is asked again behind everything else, and `onDidChange` tells
   * where it is not so any more.
   */
  readonly kept?: boolean;
}

interface Cached {
  readonly at: number;
  readonly schema: Promise<WorkspaceSchema>;
  /** There once it has come. */
  known?: WorkspaceSchema;
}

const MAX_AGE_MS = 15 * 60_000;

/** What the tables of a scope look like, from the metadata of its workspaces, each asked once and kept for a while. */
export class SchemaService {
  private readonly cache = new Map<WorkspaceKey, Cached>();
  private readonly interner = new SchemaInterner();
  private readonly changed = new Emitter<ChangedSchema>();
  /** What was given out as kept, until it is asked again. */
  private readonly given = new Map<WorkspaceKey, WorkspaceSchema>();
  /** A workspace has other tables than those that were given out as kept. */
  readonly onDidChange = this.changed.event;
  private readonly world: SchemaWorld;

  constructor(world: SchemaWorld) {
    this.world = world;
  }

  /**
   * What each workspace's tables are, or why that is not known; in the order given. Rejects when cancelled; what was
   * learnt until then is kept. `background`: queries of people go before it. `told` hears each as it comes.
   */
  async ofWorkspaces(
    keys: readonly WorkspaceKey[],
    { signal = NEVER, background = false, told, kept: mayBeKept = false }: SchemaQuestion = {},
  ): Promise<ReadonlyMap<WorkspaceKey, Outcome<SourceSchema>>> {
    const estate = await this.world.estate();
    const { workspaces } = EstateIndex.of(estate);
    const wanted = [...new Set(keys)];
    const kept = new Map(
      wanted.flatMap((key) => {
        const known = workspaces.has(key) ? this.fresh(key)?.known : undefined;
        return known ? [[key, known] as const] : [];
      }),
    );
    const old = new Set<WorkspaceKey>();
    if (mayBeKept)
      for (const key of wanted) {
        const known = kept.has(key) ? undefined : await this.keptOf(workspaces.get(key));
        if (!known) continue;
        this.given.set(key, known);
        kept.set(key, known);
        old.add(key);
      }
    const named = (key: WorkspaceKey, outcome: Outcome<WorkspaceSchema>): Outcome<SourceSchema> => {
      if (!outcome.ok) return outcome;
      const { name, retentionDays } = workspaces.get(key)!;
      return { ok: true, value: { ...outcome.value, name, retentionDays } };
    };
    for (const [key, known] of kept) told?.(key, named(key, { ok: true, value: known }), old.has(key));
    if (old.size > 0) void this.ofWorkspaces([...old], { background: true }).catch(() => undefined);
    const asked = await askWorkspaces({
      workspaces: wanted.filter((key) => !kept.has(key)),
      estate,
      quota: this.world.quota,
      name: 'schema',
      background,
      signal,
      ask: (workspace, issuer) => this.ofWorkspace(workspace, issuer),
      settled: ({ target, outcome }) => {
        told?.(target, named(target, outcome), false);
      },
    });
    return new Map(
      wanted.map((key) => {
        const known = kept.get(key);
        return [key, known ? named(key, { ok: true, value: known }) : named(key, asked.get(key)!)];
      }),
    );
  }

  /**
   * Never rejects for a workspace that does not tell: it is a problem in the answer. Rejects when cancelled; what was
   * learnt until then is kept. Queries of people go before it.
   */
  async forScope(keys: readonly WorkspaceKey[], signal: CancelSignal = NEVER): Promise<ScopeSchemaAnswer> {
    const outcomes = await this.ofWorkspaces(keys, { signal, background: true });
    const schemas: SourceSchema[] = [];
    const problems: { workspace: WorkspaceKey; error: AppErrorData }[] = [];
    for (const [workspace, outcome] of outcomes)
      if (outcome.ok) schemas.push(outcome.value);
      else problems.push({ workspace, error: outcome.error });
    return { merged: mergeSchemas(schemas), completeness: completenessOfOutcomes(outcomes), problems };
  }

  /** Forgets what was learnt, of one workspace or of all. */
  forget(key?: WorkspaceKey): void {
    if (key === undefined) this.cache.clear();
    else this.cache.delete(key);
  }

  /** What a workspace told long ago, in this session or an earlier one. */
  private async keptOf(workspace: Workspace | undefined): Promise<WorkspaceSchema | undefined> {
    if (!workspace || !choosePath(workspace)) return undefined;
    const before = this.cache.get(workspace.key)?.known;
    if (before) return before;
    const found = await this.world.shelf?.find(issuerOf(workspace), workspace.key);
    return found && this.interner.intern(found);
  }

  /** Says so where a workspace has other tables than somebody was given. */
  private compare({ key, name, retentionDays }: Workspace, schema: WorkspaceSchema): void {
    const before = this.given.get(key);
    this.given.delete(key);
    if (before && !sameSchema(before, schema))
      this.changed.fire({ workspace: key, schema: { ...schema, name, retentionDays } });
  }

  private fresh(key: WorkspaceKey): Cached | undefined {
    const cached = this.cache.get(key);
    const now = this.world.quota.clock.now();
    return cached && now - cached.at < (this.world.maxAgeMs ?? MAX_AGE_MS) ? cached : undefined;
  }

  /** The metadata, with plans where Resource Manager lets this account read the list of tables. */
  private async read(workspace: Workspace, issuer: Issuer): Promise<WorkspaceSchema> {
    const { logs, catalog } = this.world;
    const [schema, listed] = await Promise.allSettled([
      logs.schema(issuer, workspace.guid, workspace.armId),
      catalog.tablesOf(issuer, workspace.armId),
    ]);
    if (schema.status === 'rejected') throw schema.reason;
    if (listed.status === 'rejected') return schema.value;
    const withPlan = (table: SchemaTable): SchemaTable => {
      const plan = listed.value.get(table.name)?.plan;
      return plan ? { ...table, plan } : table;
    };
    return { ...schema.value, tables: schema.value.tables.map(withPlan) };
  }

  /** One question at a time: who asks while one is under way gets its answer. */
  private ofWorkspace(workspace: Workspace, issuer: Issuer): Promise<WorkspaceSchema> {
    const cached = this.fresh(workspace.key);
    if (cached) return cached.schema;
    const schema = this.read(workspace, issuer).then((told) => this.interner.intern(told));
    const entry: Cached = { at: this.world.quota.clock.now(), schema };
    this.cache.set(workspace.key, entry);
    schema.then(
      (told) => {
        entry.known = told;
        this.world.shelf?.keep(issuer, workspace.key, told);
        this.compare(workspace, told);
      },
      // A failure is not kept: the next question may find the door open.
      () => {
        if (this.cache.get(workspace.key) === entry) this.cache.delete(workspace.key);
      },
    );
    return schema;
  }
}
