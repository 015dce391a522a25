import type { ScopeColumn } from '../../kql/scopeSchema.ts';
import type { SchemaInput } from '../../kql/language/face.ts';
import type { ScopeSchema } from '../../protocol/worker.ts';

/**
 * What the worker found out about a scope, for the language service. A column that workspaces type differently is there once per
 * type; it gets the names that a union would give it (`Level_long`, `Level_string`).
 */
export function toSchemaInput(schemaId: string, schema: ScopeSchema, asked: number): SchemaInput {
  return {
    schemaId, workspaces: schema.workspaces, partial: schema.problems.length > 0 || schema.workspaces < asked,
    tables: schema.tables.map((table) => ({ name: table.name, have: table.have, of: schema.workspaces, columns: toColumns(table.columns, table.have) })),
    functions: schema.functions.map((fn) => ({ ...fn, of: schema.workspaces })),
  };
}

function toColumns(columns: ScopeSchema['tables'][number]['columns'], ofTable: number): ScopeColumn[] {
  const types = new Map<string, Set<string>>();
  for (const { name, type } of columns) types.set(name, (types.get(name) ?? new Set()).add(type));
  return columns.map(({ name, type, have }) => {
    const split = (types.get(name)?.size ?? 1) > 1;
    return { name: split ? `${name}_${type}` : name, type, ...(split ? { splitFrom: name } : {}), ...(have === ofTable ? {} : { have }) };
  });
}
