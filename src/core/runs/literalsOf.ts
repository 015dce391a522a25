import { scan } from '../../kql/scan.ts';

const GUID = /\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi;

/** A piece of a query and the offset where it stands. */
export interface QueryLiteral {
  readonly text: string;
  readonly start: number;
}

/**
 * The texts and ids that a query brings along; whoever may read the queries of a workspace reads them. Texts that stand
 * side by side are one, as they are in KQL.
 */
export function literalsOf(query: string): readonly QueryLiteral[] {
  const texts: { text: string; start: number; end: number }[] = [];
  for (const { kind, start, end } of scan(query).spans) {
    if (kind !== 'string') continue;
    const text = query
      .slice(start, end)
      .replaceAll(ESCAPED, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
    const last = texts.at(-1);
    if (last && /^\s*@?$/.test(query.slice(last.end, start))) {
      last.text = `${last.text.slice(0, -1)}${text.slice(1)}`;
      last.end = end;
    } else texts.push({ text, start, end });
  }
  return [...texts, ...[...query.matchAll(GUID)].map((match) => ({ text: match[0], start: match.index }))];
}
const ESCAPED = /\\[ux]([\da-f]{4}|[\da-f]{2})/gi;
