import type { SchemaInput } from '../../kql/language/face.ts';
import type { ScopeSchema } from '../../protocol/schema.ts';

/** What the worker found out about a scope, for the language service: counts that mean "all of them" are left out. */
export function toSchemaInput(schemaId: string, schema: Omit<ScopeSchema, 'completeness'>, asked: number): SchemaInput {
  return {
    schemaId,
    workspaces: schema.workspaces,
    partial: schema.problems.length > 0 || schema.workspaces < asked,
    tables: schema.tables.map((table) => ({
      ...table,
      of: schema.workspaces,
      columns: table.columns.map(({ have, ...column }) => (have === table.have ? column : { ...column, have })),
    })),
    functions: schema.functions.map((fn) => ({ ...fn, of: schema.workspaces })),
  };
}
