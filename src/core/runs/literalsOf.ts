import { scan } from '../../kql/scan.ts';

const GUID = /\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi;

/** The texts and ids that a query brings along; whoever may read the queries of a workspace reads them. */
export function literalsOf(query: string): readonly string[] {
  const texts = scan(query).spans.flatMap(({ kind, start, end }) =>
    kind === 'string' ? [query.slice(start, end)] : [],
  );
  return [...texts, ...(query.match(GUID) ?? [])];
}
