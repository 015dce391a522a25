import { AGGREGATES } from './aggregates.ts';
import { COLLECTIONS, QUERY } from './collections.ts';
import { EXPRESSIONS } from './expressions.ts';
import { GEOGRAPHY } from './geography.ts';
import { CONVERSIONS, NUMBERS } from './numbers.ts';
import { OPERATORS } from './operators.ts';
import { PLUGINS } from './plugins.ts';
import { SERIES, SKETCHES } from './series.ts';
import { NOTES, SUPPORTED } from './support.ts';
import { TEXT } from './text.ts';
import type { Texts } from './texts.ts';
import { TIME } from './time.ts';
import { WEB } from './web.ts';

/** What kind of word of the language a text is about; the same name can be of several kinds. */
export type DocKind = 'operator' | 'expression' | 'scalar' | 'aggregate' | 'plugin';

/**
 * What people are told about a word of the language: sentences, where Microsoft's page is, and what is different on
 * this machine.
 */
export interface Doc {
  readonly text: string;
  readonly url: string;
  readonly local?: string;
}

/** All texts, by the kind of what they are about and its name. */
export const DOCS: Readonly<Record<DocKind, Texts>> = {
  operator: OPERATORS,
  expression: EXPRESSIONS,
  aggregate: AGGREGATES,
  plugin: PLUGINS,
  scalar: {
    ...TEXT,
    ...NUMBERS,
    ...CONVERSIONS,
    ...TIME,
    ...COLLECTIONS,
    ...QUERY,
    ...WEB,
    ...GEOGRAPHY,
    ...SERIES,
    ...SKETCHES,
  },
};

/** Undefined for a name nobody has written about: one of the user's own, or new in the parser. */
export function findDoc(kind: DocKind, name: string): Doc | undefined {
  const own = Object.hasOwn(DOCS[kind], name) ? DOCS[kind][name]! : undefined;
  if (own === undefined) return undefined;
  const alias = /^= (\S+)$/.exec(own)?.[1];
  const text =
    alias === undefined ? own : `Another name of ${kind === 'operator' ? alias : `${alias}()`}. ${DOCS[kind][alias]!}`;
  const local = localNote(kind, name);
  return { text, url: pageOf(kind, alias ?? name), ...(local === undefined ? {} : { local }) };
}

function localNote(kind: DocKind, name: string): string | undefined {
  const note = Object.hasOwn(NOTES, name) && (kind === 'operator' || kind === 'plugin') ? NOTES[name]! : undefined;
  if (isSupported(kind, name))
    return kind === 'plugin' && note !== undefined ? `In the local engine: ${note}.` : undefined;
  return `The local engine refuses it${note === undefined ? '' : `: ${note}`}. Queries that run in the workspaces themselves may use what their service allows.`;
}

/** Whether the local engine answers it: what stands in KQL.md, from the same source. */
export function isSupported(kind: DocKind, name: string): boolean {
  if (kind === 'plugin') return SUPPORTED.plugin.has(name);
  if (kind === 'aggregate') return SUPPORTED.aggregate.has(name);
  if (kind === 'operator')
    return (
      SUPPORTED.operator.has(name) ||
      (name === 'declare' && SUPPORTED.operator.has('query_parameters')) ||
      (name === 'evaluate' && SUPPORTED.plugin.size > 0)
    );
  return SUPPORTED.scalar.has(name.replaceAll(' ', '_'));
}

const BASE = 'https://learn.microsoft.com/kusto/query/';
/** Pages that are not called as the rule says. */
const PAGES: Readonly<Record<string, string>> = {
  'operator filter': 'where-operator',
  'operator limit': 'take-operator',
  'operator order': 'sort-operator',
  'operator declare': 'query-parameters-statement',
  'operator query_parameters': 'query-parameters-statement',
  'operator let': 'let-statement',
  'operator set': 'set-statement',
  'operator alias': 'alias-statement',
  'operator pattern': 'pattern-statement',
  'operator restrict': 'restrict-statement',
  'operator graph-mark-components': 'graph-mark-components-operator',
  'expression and': 'logical-operators',
  'expression or': 'logical-operators',
  'expression between': 'between-operator',
  'expression !between': 'not-between-operator',
  'expression in': 'in-cs-operator',
  'expression in~': 'in-operator',
  'expression !in': 'not-in-cs-operator',
  'expression !in~': 'not-in-operator',
  'expression ==': 'equals-cs-operator',
  'expression =~': 'equals-operator',
  'expression !=': 'not-equals-cs-operator',
  'expression !~': 'not-equals-operator',
  'expression matches regex': 'matches-regex-operator',
  'expression element': 'scalar-data-types/dynamic',
  'expression path': 'scalar-data-types/dynamic',
  'aggregate percentile': 'percentiles-aggregation-function',
  'aggregate percentilew': 'percentiles-aggregation-function',
  'aggregate percentilesw': 'percentiles-aggregation-function',
  'aggregate percentiles_array': 'percentiles-aggregation-function',
  'aggregate percentilesw_array': 'percentiles-aggregation-function',
  'scalar dayofmonth': 'day-of-month-function',
  'scalar dayofweek': 'day-of-week-function',
  'scalar dayofyear': 'day-of-year-function',
  'scalar endofday': 'end-of-day-function',
  'scalar endofmonth': 'end-of-month-function',
  'scalar endofweek': 'end-of-week-function',
  'scalar endofyear': 'end-of-year-function',
  'scalar hourofday': 'hour-of-day-function',
  'scalar parse_urlquery': 'parse-url-query-function',
  'scalar bag_pack': 'pack-function',
  'scalar gzip_compress_to_base64_string': 'gzip-base64-compress',
  'scalar gzip_decompress_from_base64_string': 'gzip-base64-decompress',
  'scalar zlib_compress_to_base64_string': 'zlib-base64-compress',
  'scalar zlib_decompress_from_base64_string': 'zlib-base64-decompress',
};

function pageOf(kind: DocKind, name: string): string {
  const known = PAGES[`${kind} ${name}`];
  if (known !== undefined) return BASE + known;
  if (kind === 'expression')
    return (
      BASE +
      (/^\W$|^[<>]=$|^neg$/.test(name)
        ? 'numerical-operators'
        : `${name.replace(/^!/, 'not-').replaceAll('_', '-')}-operator`)
    );
  const suffix = { operator: 'operator', scalar: 'function', aggregate: 'aggregation-function', plugin: 'plugin' }[
    kind
  ];
  return `${BASE}${name.replaceAll('_', '-')}-${suffix}`;
}
