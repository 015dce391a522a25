import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../src/base/errors.ts';
import { listFunctions } from '../src/engine/functions/registry.ts';
import type { EngineTable, LocalEngine } from '../src/engine/face.ts';
import { openEngine } from '../src/engine/openEngine.ts';
import { kusto, list } from '../src/kql/kustoApi.ts';

/** A sample of each operator: the table is made by asking the engine, never by memory. */
const OPERATORS: readonly (readonly [name: string, sample: string, note?: string])[] = [
  ['as', 'T | as X | union X'],
  ['count', 'T | count'],
  ['datatable', 'datatable(a:long)[1]'],
  ['distinct', 'T | distinct s'],
  [
    'evaluate activity_counts_metrics',
    'T | evaluate activity_counts_metrics(s, t, datetime(2024-01-01), datetime(2024-01-02), 1d)',
    'refused where the answer hangs on rows beside its range or bins without rows',
  ],
  [
    'evaluate bag_unpack',
    'T | evaluate bag_unpack(d) : (a:long, s:string)',
    'without a schema its columns are found from the rows first',
  ],
  ['evaluate dcount_intersect', 'T | evaluate dcount_intersect(d, d)', 'of up to 1,024 values each'],
  ['evaluate ipv4_lookup', 'T | evaluate ipv4_lookup(T, s, s)'],
  ['evaluate ipv6_lookup', 'T | evaluate ipv6_lookup(T, s, s)'],
  ['evaluate narrow', 'T | evaluate narrow()'],
  [
    'evaluate pivot',
    'T | evaluate pivot(s) : (a:long, x:long)',
    'without a schema its columns are found from the rows first',
  ],
  [
    'evaluate rolling_percentile',
    'T | evaluate rolling_percentile(a, 50, t, 1d, 2)',
    'refused where bins are without rows',
  ],
  [
    'evaluate session_count',
    'T | evaluate session_count(s, t, datetime(2024-01-01), datetime(2024-01-02), 1h, 5m)',
    'refused where the answer hangs on rows beside its range or bins without rows',
  ],
  [
    'evaluate sliding_window_counts',
    'T | evaluate sliding_window_counts(s, t, datetime(2024-01-01), datetime(2024-01-02), 2d, 1d)',
    'refused where the answer hangs on rows beside its range or bins without rows',
  ],
  ['extend', 'T | extend x = a'],
  [
    'externaldata',
    'externaldata(a:string)["https://example.com/a.csv"]',
    'the file of that name beside the query, up to 100 MB; the engine never reads from the network',
  ],
  ['facet', 'T | facet by s'],
  ['find', 'find in (T) where a > 1'],
  ['fork', 'T | fork (count) (take 1)'],
  ['getschema', 'T | getschema'],
  ['graph-match, make-graph', 'T | make-graph s --> s with T on s | graph-match (x)-->(y) project x.s'],
  ['invoke', 'let f = (X:(a:long)) { X | count }; T | invoke f()'],
  ['join', 'T | join kind=fullouter T on s', 'every kind; innerunique unless said'],
  ['let', 'let x = 1; let F = (y:long) { y + x }; print F(1)', 'scalars, tables and functions, with defaults'],
  ['lookup', 'T | lookup T on s'],
  [
    'make-series',
    'T | make-series n=count() on t from datetime(2024-01-01) to datetime(2024-01-02) step 1d by s',
    'without an end each series has its own',
  ],
  ['materialize', 'let M = materialize(T | count); M'],
  ['mv-apply', 'T | mv-apply d on (count)'],
  ['mv-expand', 'T | mv-expand d'],
  ['parse', "T | parse s with * 'a' b:long *", 'simple, regex and relaxed'],
  ['parse-kv', "T | parse-kv s as (k:long) with (pair_delimiter=',', kv_delimiter='=')"],
  ['parse-where', "T | parse-where s with 'a' b:long"],
  [
    'partition',
    'T | partition by s (top 1 by a)',
    'in parentheses and in braces; 64 keys unless hint.strategy says native or shuffle',
  ],
  ['print', 'print 1'],
  ['project', 'T | project a'],
  ['project-away', 'T | project-away a'],
  ['project-keep', 'T | project-keep a'],
  ['project-rename', 'T | project-rename q = a'],
  ['project-reorder', 'T | project-reorder s'],
  ['query_parameters', 'declare query_parameters(n:long = 1); print n'],
  ['range', 'range x from 1 to 2 step 1'],
  ['reduce', 'T | reduce by s'],
  ['render', 'T | render timechart', 'passed on to whoever draws'],
  ['sample', 'T | sample 1', 'any rows; the same ones where the program gives a seed'],
  ['sample-distinct', 'T | sample-distinct 1 of s'],
  ['scan', 'T | scan declare (c:long=0) with (step x: true => c = x.c + a;)', 'up to 250,000 rows'],
  ['search', "search in (T) 'x'"],
  ['serialize', 'T | serialize n = row_number()'],
  ['set', 'set notruncation; T', 'options are read and passed over'],
  ['sort, order', 'T | sort by a'],
  ['summarize', 'T | summarize count() by s'],
  ['take, limit', 'T | take 1'],
  ['top', 'T | top 1 by a'],
  ['top-hitters', 'T | top-hitters 1 of s'],
  ['top-nested', 'T | top-nested 1 of s with others="rest" by sum(a)'],
  ['toscalar', 'print toscalar(T | count)'],
  ['union', 'union withsource=x kind=outer T, T'],
  ['where, filter', 'T | where a > 1'],
  ['workspace(), app(), resource()', 'workspace("w").T', 'as far as the catalog knows them'],
];
/** Functions that no registry has, because they stand on rows, columns or the whole query. */
const IN_CONTEXT: Readonly<Record<string, string>> = {
  prev: 'T | serialize | extend x = prev(a)',
  next: 'T | serialize | extend x = next(a)',
  row_number: 'T | serialize | extend x = row_number()',
  row_cumsum: 'T | serialize | extend x = row_cumsum(a)',
  row_rank_dense: 'T | serialize | extend x = row_rank_dense(a)',
  row_rank_min: 'T | serialize | extend x = row_rank_min(a)',
  row_window_session: 'T | serialize | extend x = row_window_session(t, 1h, 5m)',
  pack_all: 'T | project pack_all()',
  column_ifexists: 'T | project column_ifexists("a", 1)',
  columnifexists: 'T | project columnifexists("a", 1)',
  toscalar: 'print toscalar(T | count)',
  materialize: 'let M = materialize(T); M',
  bag_pack_columns: 'T | project bag_pack_columns(a, s)',
  ingestion_time: 'T | project ingestion_time()',
  rand: 'print rand()',
  bin_auto: 'set query_bin_auto_size=1d; T | summarize count() by bin_auto(t)',
  new_guid: 'print new_guid()',
  assert: "print assert(1 == 1, 'x')",
  column_names_of: 'print column_names_of(T)',
  geo_info_from_ip_address: 'T | project geo_info_from_ip_address(s)',
  current_principal: 'print current_principal()',
  estimate_data_size: 'T | project estimate_data_size(a)',
  cursor_after: 'T | where cursor_after("")',
};
const FAMILIES: readonly (readonly [string, RegExp])[] = [
  [
    'Operators in expressions',
    /^(\W|!|and$|or$|not$|in~?$|between$|contains|startswith|endswith|has(_cs|_any|_all|prefix\w*|suffix\w*)?$|matches regex$|neg$|path$|element$)/,
  ],
  ['Sketches', /hll|tdigest/],
  [
    'Choices, null and the query',
    /^(assert|case|iif|iff|coalesce|is(not)?(null|empty)|not(null|empty)|toscalar|materialize|column_?ifexists|column_names_of|around)$/,
  ],
  ['Series', /^series_/],
  ['Geography', /^geo_/],
  ['Addresses and the web', /ipv4|ipv6|url|^parse_user_agent|punycode/],
  [
    'Conversions',
    /^(to(bool|boolean|date|datetime|decimal|double|dynamic|guid|int|long|object|real|string|time|timespan)|gettype|convert_\w+)$/,
  ],
  ['Time', /date|time|^(ago|now|.*of(day|week|month|year)|getmonth|getyear|week_?ofyear|week_of_year)$/],
  [
    'Arrays, bags and JSON',
    /array|bag|^(pack\w*|set_|zip$|range$|repeat$|treepath|jaccard|dynamic_to|parse_?json|parse_xml|extract_?json|make_dictionary)|^set_/,
  ],
  ['Rows around', /^(prev|next|row_)/],
  [
    'Numbers',
    /^(abs|acos|asin|atan2?|ceiling|cos|cot|degrees|erfc?|exp\d*|floor|gamma|loggamma|log\d*|max_of|min_of|pi|pow|radians|rand|round|sign|sin|sqrt|tan|beta_\w+|welch_test|bin\w*|is(nan|inf|finite)|binary_\w+|bitset\w*|tohex)$/,
  ],
  ['Text', /./],
];

/** What the engine supports: told by itself, once for every reader. */
export interface Support {
  readonly operators: readonly { readonly name: string; readonly yes: boolean; readonly note: string }[];
  /** Functions that answer only in a context: rows around, the whole query. */
  readonly context: readonly string[];
}

export async function askSupport(): Promise<Support> {
  const engine = await openEngine({ memoryLimitMb: 256, threads: 1 });
  try {
    const table: EngineTable = await engine.createTable('logs', 'T', [
      { name: 'a', type: 'long' },
      { name: 's', type: 'string' },
      { name: 't', type: 'datetime' },
      { name: 'd', type: 'dynamic' },
    ]);
    const operators: Support['operators'][number][] = [];
    for (const [name, sample, note = ''] of OPERATORS)
      operators.push({ name, yes: await isSupported(engine, table, sample), note });
    const context: string[] = [];
    for (const [name, sample] of Object.entries(IN_CONTEXT))
      if (await isSupported(engine, table, sample)) context.push(name);
    return { operators, context };
  } finally {
    await engine.close();
  }
}

/** The page of what the engine supports, as Markdown. */
export function supportPage({ operators, context }: Support): string {
  return page(
    operators.map(({ name, yes, note }) => `| ${name} | ${yes ? 'yes' : 'refused'} | ${note} |`),
    context,
  );
}

/** The same for the language service, which may not import the engine. */
export function supportModule({ operators, context }: Support): string {
  const own = listFunctions();
  const words = (names: Iterable<string>): string => {
    const lines = [''];
    for (const name of [...new Set(names)].sort()) {
      if (lines.at(-1)!.length + name.length > 138) lines.push('');
      lines.push(`${lines.pop()!} ${name}`.trimStart());
    }
    return `\`\n  ${lines.join('\n  ')}\n\``;
  };
  const each = operators.flatMap((entry) => entry.name.split(', ').map((name) => ({ ...entry, name })));
  const plugin = (name: string): string | undefined => /^evaluate (\w+)$/.exec(name)?.[1];
  return `/**
 * What the local engine supports, for hovers and completion. Made by \`npm run kql-table\` from the engine itself; a
 * test compares it. Do not edit by hand.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\\s+/));

/** The names of what is supported, by kind. */
export const SUPPORTED = {
  operator: words(${words(each.filter(({ name, yes }) => yes && /^[a-z_-]+$/.test(name)).map(({ name }) => name))}),
  plugin: words(${words(each.flatMap(({ name, yes }) => (yes && plugin(name)) || []))}),
  scalar: words(${words([...own.filter((f) => f.kind === 'scalar').map((f) => f.name.replaceAll(' ', '_')), ...context])}),
  aggregate: words(${words(own.filter((f) => f.kind === 'aggregate').map((f) => f.name))}),
} as const;

/** What is to be known about some operators and plugins here. */
export const NOTES: Readonly<Record<string, string>> = {
${each
  .filter(({ note }) => note !== '')
  .map(
    ({ name, note }) =>
      `  ${keyText(plugin(name) ?? name)}: ${note.includes("'") ? JSON.stringify(note) : `'${note}'`},`,
  )
  .join('\n')}
};
`;
}
/** A property's name as the formatter leaves it: quoted only where it must be. */
function keyText(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`;
}

async function isSupported(engine: LocalEngine, table: EngineTable, sample: string): Promise<boolean> {
  const database = { name: 'logs', tables: [table] };
  try {
    await engine.explain(sample, { database, resolve: () => database, external: () => table });
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'query.unsupported') return false;
    throw new Error(`The sample of the support table is no good: ${sample}`, { cause: thrown });
  }
}

function page(operators: readonly string[], context: readonly string[]): string {
  const own = listFunctions();
  const scalars = [...new Set([...own.filter((f) => f.kind === 'scalar').map((f) => f.name), ...context])].sort();
  const aggregates = [...new Set(own.filter((f) => f.kind === 'aggregate').map((f) => f.name))].sort();
  const known = (symbols: readonly { readonly Name: string }[]): string[] =>
    [...new Set(symbols.map((s) => s.Name))].filter((name) => /^[a-z]\w*$/.test(name)).sort();
  const refused = known(list(kusto.GlobalState.Default.Functions)).filter((name) => !scalars.includes(name));
  const refusedAggregates = known(list(kusto.GlobalState.Default.Aggregates)).filter(
    (name) => !aggregates.includes(name),
  );
  const plugins = known(list(kusto.GlobalState.Default.PlugIns)).filter(
    (name) => !OPERATORS.some(([operator]) => operator === `evaluate ${name}`),
  );
  const names = (all: readonly string[]): string => all.map((name) => `\`${name}\``).join(' ');
  const rest = new Set(scalars);
  const families = FAMILIES.map(([title, rule]) => {
    const mine = [...rest].filter((name) => rule.test(name));
    for (const name of mine) rest.delete(name);
    return mine.length === 0 ? '' : `**${title}** (${mine.length}): ${names(mine)}\n\n`;
  });
  return `${INTRODUCTION}
## Operators and statements

| operator | here | |
|---|---|---|
${operators.join('\n')}

## Scalar functions and operators (${scalars.length})

${families.join('')}## Aggregates (${aggregates.length})

${names(aggregates)}

${MEANING}
## Refused by name

Each of these is recognised, and refused with its place in the query.

**Plugins** (${plugins.length}): ${names(plugins)}

**Aggregates** (${refusedAggregates.length}): ${names(refusedAggregates)}

**Functions** (${refused.length}): ${names(refused)}
`;
}

const INTRODUCTION = `# KQL on your own machine: what is supported

<!-- Made by \`npm run kql-table\` from the engine itself; a test compares it. Do not edit by hand. -->

Microsoft's own parser reads the query, so errors of syntax and meaning are theirs, word for word. What stands below as *refused* or is
not named is refused with its name and place (\`query.unsupported\`); it is never answered by something that looks like it.
`;
const MEANING = `## What to know about the answers

- **Time** is counted in ticks of 100 ns, from 0001-01-01 to 9999-12-31T23:59:59.9999999, so nothing is rounded. \`now()\` is one instant for the whole query.
- **Text is never null**: \`isnull("")\` is false, a missing text is \`""\`. All other types have null, which equals nothing; \`x != null\` is true for any value.
- **Integers divide towards zero**, \`%\` is never negative, \`bin()\` rounds down below zero as well. Beyond 64 bits whole numbers wrap, sums too.
- **NaN and null** sort together: first when ascending, last when descending, unless the query says otherwise.
- **\`dcount()\`, \`hll()\`, \`percentile()\` and \`tdigest()\` are exact here**; the service estimates them over many values, so its numbers may differ a little.
- **\`has\` and its family** compare whole terms of letters and digits, as the service's index does.
- **Without regard to case** (\`=~\`, \`in~\`, \`has\`, \`contains\`...) only ASCII letters are alike, as the service says of itself; \`tolower()\` folds the others.
- **Regular expressions** have Unicode's \`\\d\`, \`\\w\` and \`\\s\`; only \`\\b\` knows no letters beyond ASCII here. Classes inside classes are refused.
- **Window functions** want rows in an order: \`prev()\` and its kin over a table or a summary are refused without \`sort\` or \`serialize\`.
- **Order** is kept from \`sort\`, \`top\`, \`range\` and \`datatable\` through \`where\`, \`extend\`, \`project\` and into lists; rows without one have none that is promised.
- **\`take\` and \`sample\`** give any rows; **ties** in \`top\` and \`arg_max\` may be broken otherwise than by the service.
- **\`join\`** is \`innerunique\` unless said; null keys meet nothing; a name both sides have gets a number.
- **dynamic** is JSON: a conversion that fails is null, \`mv-expand ... to typeof()\` casts and does not parse.
- **Nothing a query says reaches the network, or a file but those beside it**: \`externaldata\` reads the file of its address's name in the query's own folder (\`beside\` in the library) and no other; the language plugins and requests to other services are refused. \`geo_info_from_ip_address()\` needs a database file (.mmdb: GeoLite2, GeoIP2, DB-IP) that is not part of the product: name it with \`--geo-db\`, or as \`geoDatabase\` where the engine is opened; it is refused without one.
- **Geography**: edges are the shortest ways on a sphere of 6,371,010 m, by ports of the libraries the service uses (S2, H3). A row whose shape the documentation leaves open stops the query: edges that cross or touch, polygons of a multipolygon that meet, places beyond 180 or 90 degrees, a covering with a radius. The cells around a cell and the cells of a shape are a set: the service promises no order, and it differs between its versions; the last digit of a coordinate may differ, too.
- **\`ingestion_time()\`** is the column \`$IngestionTime\` of data that has it; other data was never ingested, and it is null there.
- **\`parse_user_agent()\`** goes by the patterns of uap-core, as the service does, but perhaps by newer ones.
- **\`series_fit_2lines()\`** of a series where the best split is not certain (a constant series, one of fewer than six numbers, two splits as good, fewer than three numbers on a side) stops the query.
`;

/** The page in the repository, and what the language service reads. */
export const PAGE = fileURLToPath(new URL('../KQL.md', import.meta.url));
export const MODULE = fileURLToPath(new URL('../src/kql/language/docs/support.ts', import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const support = await askSupport();
  const made = [
    [PAGE, supportPage(support)],
    [MODULE, supportModule(support)],
  ] as const;
  if (process.argv[2] === '--check')
    process.exitCode = made.every(([path, text]) => readFileSync(path, 'utf8') === text) ? 0 : 1;
  else for (const [path, text] of made) writeFileSync(path, text);
}
