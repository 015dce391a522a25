import { scan } from '../../kql/scan.ts';

const GUID = /\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi;

/** A piece of a query and the offset where it stands. */
export interface QueryText {
  readonly text: string;
  readonly start: number;
}

/** The texts and ids that a query brings along; whoever may read the queries of a workspace reads them. */
export function literalsOf(query: string): readonly QueryText[] {
  const texts = scan(query).spans.flatMap(({ kind, start, end }) =>
    kind === 'string' ? [{ text: query.slice(start, end), start }] : [],
  );
  return [...texts, ...[...query.matchAll(GUID)].map((match) => ({ text: match[0], start: match.index }))];
}
