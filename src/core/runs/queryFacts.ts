import type { PerWorkspaceNote } from '../../model/run.ts';

/** A place in the query where the parser gave up: one-based line and column, zero-based offset. */
export interface QueryFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly length: number;
}

/** What a run needs to know of a query before anything is sent. */
export interface QueryFacts {
  /** Syntax only: whether a name exists is for each workspace to say. */
  readonly syntax: readonly QueryFault[];
  /** Names that stand where tables do; absent where they could not be told. */
  readonly tables?: readonly string[];
  /** True where it also reads tables that it does not name (`union *`, `search`). */
  readonly unnamedTables?: boolean;
  /** Present where one total over all workspaces would differ from the rows that come. */
  readonly perWorkspaceNote?: PerWorkspaceNote;
}

/** Reads a query's facts; the composition root gives Microsoft's parser. Never throws on bad text. */
export type ReadQuery = (query: string) => QueryFacts | Promise<QueryFacts>;
