import type { AppErrorData } from '../base/errors.ts';
import type { WorkspaceKey } from '../model/ids.ts';
import type { Completeness, Run } from '../model/run.ts';
import type { SchemaView } from '../model/schemaView.ts';
import type { Scope } from '../model/scope.ts';
import type { Column } from '../model/kqlType.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** What the tables and functions of a scope look like, its workspaces' schemas united. */
export interface ScopeSchema {
  readonly workspaces: number;
  /**
   * `splitFrom`: the name each workspace itself has for a column whose type differs between them. `have`: in how many
   * of the scope's workspaces (whose schema could be read) the table or column exists.
   */
  readonly tables: readonly {
    readonly name: string;
    readonly have: number;
    /** In how many of those it holds rows; absent where not all of them say. */
    readonly filled?: number;
    readonly notes?: readonly string[];
    readonly description?: string;
    readonly columns: readonly (Column & {
      readonly have: number;
      readonly splitFrom?: string;
      readonly description?: string;
    })[];
    /** Some of the fewer ones, where only some workspaces have it. */
    readonly who?: { readonly they: 'have' | 'lack'; readonly names: readonly string[]; readonly count: number };
    readonly plans?: readonly { readonly plan: string; readonly have: number }[];
    readonly retentionDays?: readonly [least: number, most: number];
  }[];
  readonly functions: readonly {
    readonly name: string;
    readonly parameters: string;
    readonly body: string;
    readonly have: number;
  }[];
  readonly completeness: Completeness;
  /** Who did not tell, and why. */
  readonly problems: readonly { readonly workspace: WorkspaceKey; readonly error: AppErrorData }[];
}

/** What the language service is to know of a scope. */
export type SchemaContract = {
  requests: {
    /** What tables and columns the workspaces of a scope have: an ended run. `table`: of that one alone. */
    'schema.show': { input: { scope: Scope; view: SchemaView; table?: string }; output: Run };
    'schema.forScope': { input: { workspaces: WorkspaceKey[] }; output: ScopeSchema };
  };
  events: Record<never, never>;
};

/** Milliseconds each of the contract's requests may take. */
export const SCHEMA_DEADLINES: Deadlines<SchemaContract> = {
  'schema.show': 30 * MINUTE,
  'schema.forScope': 10 * MINUTE,
};
