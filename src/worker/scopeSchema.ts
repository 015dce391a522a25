import type { ScopeSchemaAnswer } from '../core/schema/schemaService.ts';
import type { ScopeSchema } from '../protocol/worker.ts';

/** The merged schema as a message: counts filled in where the merge leaves them out as "all". */
export function toScopeSchema({ merged, problems }: ScopeSchemaAnswer): ScopeSchema {
  return {
    workspaces: merged.workspaces, problems,
    tables: merged.tables.map((table) => {
      const have = table.have ?? merged.workspaces;
      return {
        name: table.name, have, ...(table.notes ? { notes: table.notes } : {}),
        columns: table.columns.map(({ name, type, have: count, splitFrom }) => ({ name, type, have: count ?? have, ...(splitFrom === undefined ? {} : { splitFrom }) })),
      };
    }),
    functions: merged.functions.map(({ name, parameters, body, have }) => ({ name, parameters, body, have: have ?? merged.workspaces })),
  };
}
