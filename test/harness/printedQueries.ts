import { readSeeds } from './fuzzer.ts';
import { PrintedQueries } from './printed.ts';
import { schemaTables } from './schemaTables.ts';

// Prints other people's queries over tables of a known schema, holds what is printed against the query, and says which
// are the same, which have no text, and which differ:
//   node --import tsx test/harness/printedQueries.ts QUERIES.jsonl TABLES.json [--every=N] [--from=I] [--rows=N]
const [queriesPath, tablesPath, ...flags] = process.argv.slice(2);
if (!queriesPath || !tablesPath)
  throw new Error('usage: printedQueries.ts QUERIES.jsonl TABLES.json [--every=N] [--from=I] [--rows=N]');
const flag = (name: string, otherwise: number): number =>
  Number(flags.find((f) => f.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise);
const queries = readSeeds(queriesPath).filter((_, i) => i % flag('every', 1) === flag('from', 0));
const printed = await PrintedQueries.open({ now: 638_513_658_000_000_000n, seed: 1 }, async (engine) => ({
  name: 'workspace',
  tables: await schemaTables(engine, tablesPath, flag('rows', 4), queries),
}));
const tally = new Map<string, number>();
const count = (what: string): void => {
  tally.set(what, (tally.get(what) ?? 0) + 1);
};
for (const query of queries) {
  const outcome = await printed.look(query, 60_000);
  count(outcome.kind === 'unprintable' ? `no text: ${outcome.why}` : outcome.kind);
  if (outcome.kind === 'different')
    console.log(`${query}\n--- printed\n${outcome.text.slice(0, 2_000)}\n--- ${outcome.why.slice(0, 1_000)}\n`);
}
for (const [what, times] of tally) console.log(`${times} ${what}`);
await printed.close();
