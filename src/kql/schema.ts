import type { Column } from '../model/kqlType.ts';

/** A table as the binder knows it. `open` tolerates columns that are not listed. */
export interface SchemaTable { readonly name: string; readonly columns: readonly Column[]; readonly open?: boolean }
/** A stored function: `parameters` as KQL writes them, e.g. `(x:long, y:string="a")`, or "" for none. */
export interface SchemaFunction { readonly name: string; readonly parameters: string; readonly body: string }
/** What one workspace looks like to a query. Immutable: what is made from it is cached by the object. */
export interface SchemaDatabase { readonly name: string; readonly tables: readonly SchemaTable[]; readonly functions?: readonly SchemaFunction[] }

export interface KqlSchema {
  readonly database: SchemaDatabase;
  /** Resolves `workspace("x")`, `app("x")`, `resource("x")`; undefined where there is no such thing. */
  /** The local table that stands for a URI of `externaldata`. */
  readonly external?: ((uri: string, columns: readonly Column[]) => SchemaTable | undefined) | undefined;
  readonly resolve?: (kind: 'workspace' | 'app' | 'resource', name: string) => SchemaDatabase | undefined;
}
