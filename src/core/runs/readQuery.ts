import type { QueryFacts } from './queryFacts.ts';

/** Microsoft's parser over the query text. It is large, so it is loaded with the first query. */
export async function readQuery(query: string): Promise<QueryFacts> {
  const { analyzeQuery } = await import('../../kql/analyze.ts');
  const { errors, perWorkspace, tables, unnamedTables } = analyzeQuery(query);
  return {
    syntax: errors.map(({ message, line, column, start, length }) => ({ message, line, column, start, length })),
    tables,
    unnamedTables,
    ...(perWorkspace.same
      ? {}
      : {
          perWorkspaceNote: {
            sentence: perWorkspace.sentence,
            constructs: [...new Set(perWorkspace.constructs.map((construct) => construct.name))],
          },
        }),
  };
}
