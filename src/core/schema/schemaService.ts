import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, cancelled, toAppError } from '../../base/errors.ts';
import { mergeSchemas } from '../../kql/scopeSchema.ts';
import type { MergedSchema, SourceSchema } from '../../kql/scopeSchema.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import { choosePath } from '../estate/path.ts';
import type { LogsPort, WorkspaceSchema } from '../../ports/logs.ts';
import { SchemaInterner } from './schemaInterner.ts';

/** `merged` covers the workspaces that could be read; `problems` names the others. */
export interface ScopeSchemaAnswer {
  readonly merged: MergedSchema;
  readonly problems: readonly { readonly workspace: WorkspaceKey; readonly message: string }[];
}

export interface SchemaWorld {
  readonly logs: Pick<LogsPort, 'schema'>;
  readonly estate: () => Promise<Estate>;
  readonly clock: Clock;
  /** Schemas are asked again after this long; custom tables come and go. */
  readonly maxAgeMs?: number;
  readonly parallel?: number;
}

interface Cached {
  readonly at: number;
  readonly schema: Promise<WorkspaceSchema>;
}

const MAX_AGE_MS = 15 * 60_000;
const PARALLEL = 4;

/** What the tables of a scope look like, from the metadata of its workspaces, each asked once and kept for a while. */
export class SchemaService {
  private readonly cache = new Map<WorkspaceKey, Cached>();
  private readonly interner = new SchemaInterner();
  private readonly world: SchemaWorld;

  constructor(world: SchemaWorld) {
    this.world = world;
  }

  /**
   * Never rejects for a workspace that does not tell: it is a problem in the answer. Rejects when cancelled; what was
   * learnt until then is kept.
   */
  async forScope(keys: readonly WorkspaceKey[], signal: CancelSignal = NEVER): Promise<ScopeSchemaAnswer> {
    const estate = await this.world.estate();
    const workspaces = new Map(estate.workspaces.map((workspace) => [workspace.key, workspace]));
    const schemas: SourceSchema[] = [];
    const problems: { workspace: WorkspaceKey; message: string }[] = [];
    const queue = [...new Set(keys)];
    const worker = async (): Promise<void> => {
      for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
        if (signal.aborted) throw cancelled();
        const workspace = workspaces.get(key);
        if (!workspace) {
          problems.push({ workspace: key, message: 'This workspace is no longer in your estate.' });
          continue;
        }
        try {
          schemas.push({
            ...(await this.ofWorkspace(workspace)),
            name: workspace.name,
            retentionDays: workspace.retentionDays,
          });
        } catch (thrown) {
          problems.push({ workspace: key, message: toAppError(thrown).message });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.world.parallel ?? PARALLEL, queue.length) }, worker));
    return { merged: mergeSchemas(schemas), problems };
  }

  /** Forgets what was learnt, of one workspace or of all. */
  forget(key?: WorkspaceKey): void {
    if (key === undefined) this.cache.clear();
    else this.cache.delete(key);
  }

  private ofWorkspace(workspace: Workspace): Promise<WorkspaceSchema> {
    const now = this.world.clock.now();
    const cached = this.cache.get(workspace.key);
    if (cached && now - cached.at < (this.world.maxAgeMs ?? MAX_AGE_MS)) return cached.schema;
    const entry: Cached = { at: now, schema: this.ask(workspace) };
    this.cache.set(workspace.key, entry);
    // A failure is not kept: the next question may find the door open.
    entry.schema.catch(() => {
      if (this.cache.get(workspace.key) === entry) this.cache.delete(workspace.key);
    });
    return entry.schema;
  }

  private async ask(workspace: Workspace): Promise<WorkspaceSchema> {
    const path = choosePath(workspace);
    if (!path) throw new AppError('access.noPath', `No signed-in account reaches ${workspace.name}.`);
    return this.interner.intern(
      await this.world.logs.schema({ account: path.account, tenant: path.issuer }, workspace.guid, workspace.armId),
    );
  }
}
