import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../src/base/errors.ts';
import { listFunctions } from '../../src/engine/functions/registry.ts';
import type { EngineTable, LocalEngine } from '../../src/engine/face.ts';
import { openEngine } from '../../src/engine/runtime/localEngine.ts';
import { kusto, list } from '../../src/kql/kusto.ts';

/** A sample of each operator: the table is made by asking the engine, never by memory. */
const OPERATORS: readonly (readonly [name: string, sample: string, note?: string])[] = [
  ['as', 'T | as X | union X'],
  ['count', 'T | count'],
  ['datatable', 'datatable(a:long)[1]'],
  ['distinct', 'T | distinct s'],
  ['evaluate bag_unpack', 'T | evaluate bag_unpack(d) : (a:long, s:string)', 'without a schema its columns are found from the rows first'],
  ['evaluate ipv4_lookup', 'T | evaluate ipv4_lookup(T, s, s)'],
  ['evaluate narrow', 'T | evaluate narrow()'],
  ['evaluate pivot', 'T | evaluate pivot(s) : (a:long, x:long)', 'without a schema its columns are found from the rows first'],
  ['extend', 'T | extend x = a'],
  ['externaldata', 'externaldata(a:string)["https://example.com/a.csv"]', 'the engine never reads from the network; load the file as a table'],
  ['facet', 'T | facet by s'],
  ['find', 'find in (T) where a > 1'],
  ['fork', 'T | fork (count) (take 1)'],
  ['getschema', 'T | getschema'],
  ['graph-match, make-graph', 'T | make-graph s --> s with T on s | graph-match (x)-->(y) project x.s'],
  ['invoke', 'let f = (X:(a:long)) { X | count }; T | invoke f()'],
  ['join', 'T | join kind=fullouter T on s', 'every kind; innerunique unless said'],
  ['let', 'let x = 1; let F = (y:long) { y + x }; print F(1)', 'scalars, tables and functions, with defaults'],
  ['lookup', 'T | lookup T on s'],
  ['make-series', 'T | make-series n=count() on t from datetime(2024-01-01) to datetime(2024-01-02) step 1d by s', 'with bounds and without'],
  ['materialize', 'let M = materialize(T | count); M'],
  ['mv-apply', 'T | mv-apply d on (count)'],
  ['mv-expand', 'T | mv-expand d'],
  ['parse', "T | parse s with * 'a' b:long *", 'simple, regex and relaxed'],
  ['parse-kv', "T | parse-kv s as (k:long) with (pair_delimiter=',', kv_delimiter='=')"],
  ['parse-where', "T | parse-where s with 'a' b:long"],
  ['partition', 'T | partition by s (top 1 by a)'],
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
  ['sample', 'T | sample 1'],
  ['sample-distinct', 'T | sample-distinct 1 of s'],
  ['scan', 'T | scan declare (c:long=0) with (step x: true => c = x.c + a;)'],
  ['search', "search in (T) 'x'"],
  ['serialize', 'T | serialize n = row_number()'],
  ['set', 'set notruncation; T', 'options are read and passed over'],
  ['sort, order', 'T | sort by a'],
  ['summarize', 'T | summarize count() by s'],
  ['take, limit', 'T | take 1'],
  ['top', 'T | top 1 by a'],
  ['top-hitters', 'T | top-hitters 1 of s'],
  ['top-nested', 'T | top-nested 1 of s by sum(a)'],
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
  column_names_of: 'print column_names_of(T)',
  geo_info_from_ip_address: 'T | project geo_info_from_ip_address(s)',
  current_principal: 'print current_principal()',
  estimate_data_size: 'T | project estimate_data_size(a)',
  cursor_after: 'T | where cursor_after("")',
};
const FAMILIES: readonly (readonly [string, RegExp])[] = [
  ['Operators in expressions', /^(\W|!|and$|or$|not$|in~?$|between$|contains|startswith|endswith|has(_cs|_any|_all|prefix\w*|suffix\w*)?$|matches regex$|neg$|path$|element$)/],
  ['Sketches', /hll|tdigest/],
  ['Choices, null and the query', /^(case|iif|iff|coalesce|is(not)?(null|empty)|not(null|empty)|toscalar|materialize|column_?ifexists|column_names_of|around)$/],
  ['Series', /^series_/],
  ['Geography', /^geo_/],
  ['Addresses and the web', /ipv4|ipv6|url|^parse_user_agent|punycode/],
  ['Conversions', /^(to(bool|boolean|date|datetime|decimal|double|dynamic|guid|int|long|object|real|string|time|timespan)|gettype|convert_\w+)$/],
  ['Time', /date|time|^(ago|now|.*of(day|week|month|year)|getmonth|getyear|week_?ofyear|week_of_year)$/],
  ['Arrays, bags and JSON', /array|bag|^(pack\w*|set_|zip$|range$|repeat$|treepath|jaccard|dynamic_to|parse_?json|parse_xml|extract_?json|make_dictionary)|^set_/],
  ['Rows around', /^(prev|next|row_)/],
  ['Numbers', /^(abs|acos|asin|atan2?|ceiling|cos|cot|degrees|erfc?|exp\d*|floor|gamma|loggamma|log\d*|max_of|min_of|pi|pow|radians|rand|round|sign|sin|sqrt|tan|beta_\w+|welch_test|bin\w*|is(nan|inf|finite)|binary_\w+|bitset\w*|tohex)$/],
  ['Text', /./],
];

/** The page of what the engine supports, as Markdown. */
export async function supportPage(): Promise<string> {
  const engine = await openEngine({ memoryLimitMb: 256, threads: 1 });
  try {
    const table: EngineTable = await engine.createTable('logs', 'T', [{ name: 'a', type: 'long' }, { name: 's', type: 'string' }, { name: 't', type: 'datetime' }, { name: 'd', type: 'dynamic' }]);
    const answers = (sample: string): Promise<boolean> => isSupported(engine, table, sample);
    const operators: string[] = [];
    for (const [name, sample, note = ''] of OPERATORS) operators.push(`| ${name} | ${(await answers(sample)) ? 'yes' : 'refused'} | ${note} |`);
    const context: string[] = [];
    for (const [name, sample] of Object.entries(IN_CONTEXT)) if (await answers(sample)) context.push(name);
    return page(operators, context);
  } finally { await engine.close(); }
}
async function isSupported(engine: LocalEngine, table: EngineTable, sample: string): Promise<boolean> {
  const database = { name: 'logs', tables: [table] };
  try { await engine.explain(sample, { database, resolve: () => database }); return true; } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'query.unsupported') return false;
    throw new Error(`The sample of the support table is no good: ${sample}`, { cause: thrown });
  }
}

function page(operators: readonly string[], context: readonly string[]): string {
  const own = listFunctions();
  const scalars = [...new Set([...own.filter((f) => f.kind === 'scalar').map((f) => f.name), ...context])].sort();
  const aggregates = [...new Set(own.filter((f) => f.kind === 'aggregate').map((f) => f.name))].sort();
  const known = (symbols: readonly { readonly Name: string }[]): string[] => [...new Set(symbols.map((s) => s.Name))].filter((name) => /^[a-z]\w*$/.test(name)).sort();
  const refused = known(list(kusto.GlobalState.Default.Functions)).filter((name) => !scalars.includes(name));
  const refusedAggregates = known(list(kusto.GlobalState.Default.Aggregates)).filter((name) => !aggregates.includes(name));
  const plugins = known(list(kusto.GlobalState.Default.PlugIns)).filter((name) => !OPERATORS.some(([operator]) => operator === `evaluate ${name}`));
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
- **Integers divide towards zero**, \`%\` is never negative, \`bin()\` rounds down below zero as well. A sum beyond 64 bits is an error, not a wrapped number.
- **NaN and null** sort together: first when ascending, last when descending, unless the query says otherwise.
- **\`dcount()\`, \`hll()\`, \`percentile()\` and \`tdigest()\` are exact here**; the service estimates them over many values, so its numbers may differ a little.
- **\`has\` and its family** compare whole terms of letters and digits, as the service's index does.
- **Order** is kept from \`sort\`, \`top\`, \`range\` and \`datatable\` through \`where\`, \`extend\`, \`project\` and into lists; rows without one have none that is promised.
- **\`take\` and \`sample\`** give any rows; **ties** in \`top\` and \`arg_max\` may be broken otherwise than by the service.
- **\`join\`** is \`innerunique\` unless said; null keys meet nothing; a name both sides have gets a number.
- **dynamic** is JSON: a conversion that fails is null, \`mv-expand ... to typeof()\` casts and does not parse.
- **Nothing a query says reaches the file system or the network**: that is why \`externaldata\`, the language plugins and requests to other services are refused. \`geo_info_from_ip_address()\` needs a database file that is not part of the product.
`;

/** The page in the repository. */
export const PAGE = fileURLToPath(new URL('../../KQL.md', import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = await supportPage();
  if (process.argv[2] === '--check') process.exitCode = readFileSync(PAGE, 'utf8') === made ? 0 : 1;
  else writeFileSync(PAGE, made);
}
