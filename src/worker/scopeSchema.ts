import type { ScopeSchemaAnswer } from '../core/schema/schemaService.ts';
import type { ScopeSchema } from '../protocol/schema.ts';

/** The merged schema as a message: counts filled in where the merge leaves them out as "all". */
export function toScopeSchema({ merged, completeness, problems }: ScopeSchemaAnswer): ScopeSchema {
  return {
    workspaces: merged.workspaces,
    completeness,
    problems,
    tables: merged.tables.map((table) => {
      const have = table.have ?? merged.workspaces;
      return { ...table, have, columns: table.columns.map((column) => ({ ...column, have: column.have ?? have })) };
    }),
    functions: merged.functions.map(({ name, parameters, body, have }) => ({
      name,
      parameters,
      body,
      have: have ?? merged.workspaces,
    })),
  };
}
