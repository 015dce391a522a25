import type { RunFacts } from './runFacts.ts';

/** Microsoft's parser over the query text. It is large, so it is loaded with the first query. */
export async function readQuery(query: string): Promise<RunFacts> {
  const { analyzeQuery } = await import('../../kql/analyze.ts');
  return analyzeQuery(query);
}
