import { readFileSync } from 'node:fs';
import { openEngine } from '../../src/engine/openEngine.ts';
import { kqlTypeNamed } from '../../src/kql/kusto.ts';
import { ticksOfMs } from '../../src/model/values/ticks.ts';
import { compareAcross } from './acrossCompare.ts';
import { makeWorld } from './acrossWorld.ts';
import { constantsOf, logCell } from './logRows.ts';

// Other people's queries over several workspaces and over one that holds all of their rows:
//   node --import tsx test/harness/acrossReal.ts QUERIES.jsonl TABLES.json [--workspaces=3] [--rows=6] [--every=N] [--from=I] [--list]
const [queriesPath, tablesPath, ...flags] = process.argv.slice(2);
const flag = (name: string, otherwise: number): number =>
  Number(flags.find((f) => f.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise);
const all = readFileSync(queriesPath!, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => (JSON.parse(line) as { query: string }).query);
const schemas = JSON.parse(readFileSync(tablesPath!, 'utf8')) as Record<string, Record<string, string>>;
const text = all.join('\n');
const used = Object.entries(schemas).filter(([name]) => new RegExp(`\\b${name}\\b`).test(text));
const engine = await openEngine({ memoryLimitMb: 2048, threads: 1 });
const [constants, now] = [constantsOf(all), Date.now()];
const [count, rows] = [flag('workspaces', 3), flag('rows', 6)];
const world = await makeWorld(
  engine,
  Array.from({ length: count }, (_, w) => ({
    attribution: [`Customer ${w % 2}`, `Tenant ${w % 2}`, `workspace-${w}`] as const,
    tables: used.map(([name, described]) => {
      const columns = Object.entries(described).map(([column, type]) => ({
        name: column,
        type: kqlTypeNamed(type) ?? ('dynamic' as const),
      }));
      return {
        name,
        columns,
        rows: Array.from({ length: w === 0 ? 2 * rows : rows }, (_, r) =>
          columns.map((column) => logCell(column, r * count + w, constants, now)),
        ),
      };
    }),
  })),
);
const outcomes = new Map<string, number>();
const reasons = new Map<string, number>();
let concatenated = 0;
for (const [i, query] of all.entries()) {
  if (i < flag('from', 0) || i % flag('every', 1) !== 0) continue;
  const result = await compareAcross(world, query, ticksOfMs(now));
  outcomes.set(result.outcome, (outcomes.get(result.outcome) ?? 0) + 1);
  if ('concatenated' in result && result.concatenated) concatenated++;
  if (result.outcome === 'refused' || result.outcome === 'unequal')
    reasons.set(`${result.outcome}: ${result.reason}`, (reasons.get(`${result.outcome}: ${result.reason}`) ?? 0) + 1);
  if (result.outcome === 'unequal' && flags.includes('--list'))
    console.log(`\n#${i} ${result.reason}\n${result.detail}`);
}
for (const [reason, n] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 40)) console.log(`${n}\t${reason}`);
console.log(Object.fromEntries(outcomes), `${concatenated} concatenate`);
await engine.close();
