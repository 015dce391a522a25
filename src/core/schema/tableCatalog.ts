import type { Clock } from '../../base/clock.ts';
import { Limiter } from '../../base/limiter.ts';
import type { TablePlan } from '../../model/estate.ts';
import type { DirectoryPort } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';

/** What Resource Manager knows of a table that no query tells: what it costs, and whether roles alone open it. */
export interface TableFacts {
  readonly plan: TablePlan;
  readonly protected: boolean;
  readonly retentionDays: number;
}

/** The tables of one workspace by name; names are compared with their case, as queries do. */
export type WorkspaceTables = ReadonlyMap<string, TableFacts>;

interface Kept {
  readonly at: number;
  readonly tables: Promise<WorkspaceTables>;
  /** There once it has come. */
  known?: WorkspaceTables;
}

/** Plans and protection change rarely; a list is some megabyte of JSON. */
const MAX_AGE_MS = 15 * 60_000;

/** Lists read at once: well inside Resource Manager's 25 reads a second, and few megabytes in memory. */
const LISTS_AT_ONCE = 4;

/**
 * Which tables a workspace has, as Resource Manager lists them, asked once a workspace and kept for a while. A failure
 * is not kept.
 */
export class TableCatalog {
  private readonly directory: Pick<DirectoryPort, 'tables'>;
  private readonly clock: Clock;
  private readonly limiter = new Limiter(LISTS_AT_ONCE);
  private readonly kept = new Map<string, Kept>();

  constructor(directory: Pick<DirectoryPort, 'tables'>, clock: Clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * Rejects with an AppError where the list cannot be read. Nobody cancels it: whoever asks next gets the same list.
   */
  tablesOf(issuer: Issuer, armId: string): Promise<WorkspaceTables> {
    const key = armId.toLowerCase();
    const fresh = this.fresh(key);
    if (fresh) return fresh.tables;
    const tables = this.limiter.run(async () => toFacts(await this.directory.tables(issuer, armId)));
    const entry: Kept = { at: this.clock.now(), tables };
    this.kept.set(key, entry);
    tables.then(
      (list) => {
        entry.known = list;
      },
      () => {
        if (this.kept.get(key) === entry) this.kept.delete(key);
      },
    );
    return tables;
  }

  /** What is known already, without asking. */
  find(armId: string): WorkspaceTables | undefined {
    return this.fresh(armId.toLowerCase())?.known;
  }

  private fresh(key: string): Kept | undefined {
    const kept = this.kept.get(key);
    return kept && this.clock.now() - kept.at < MAX_AGE_MS ? kept : undefined;
  }
}

function toFacts(tables: Awaited<ReturnType<DirectoryPort['tables']>>): WorkspaceTables {
  return new Map(
    tables.map(({ name, plan, retentionDays, protected: isProtected = false }) => [
      name,
      { plan, retentionDays, protected: isProtected },
    ]),
  );
}
