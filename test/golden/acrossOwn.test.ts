import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LocalEngine } from '../../src/engine/face.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { ticksOfMs } from '../../src/model/values/ticks.ts';
import type { Column } from '../../src/model/kqlType.ts';
import { acrossSchema } from '../../src/kql/across/acrossSchema.ts';
import { planAcross } from '../../src/kql/across/planAcross.ts';
import { compareAcross } from '../harness/acrossCompare.ts';
import { askAcross, askWhole, makeWorld } from '../harness/acrossWorld.ts';
import type { AcrossWorld } from '../harness/acrossWorld.ts';

// What each workspace alone knows, and columns that depend on everybody's rows: as one workspace of all rows has them.
const NOW = ticksOfMs(Date.UTC(2024, 0, 1, 12));
const COLUMNS: readonly Column[] = [
  { name: 'n', type: 'long' },
  { name: 'k', type: 'string' },
  { name: 'd', type: 'dynamic' },
  { name: 'ingestion_time', type: 'string' },
  { name: '$IngestionTime', type: 'datetime' },
];
const BAGS = [{ a: 1 }, { a: 2, b: 'x' }, { c: true }, {}, { a: 3, 'a b': 'y' }];

let engine: LocalEngine;
let world: AcrossWorld;
before(async () => {
  engine = await openEngine({ threads: 1, memoryLimitMb: 512 });
  const rows = Array.from({ length: 30 }, (_, i) => [
    i,
    `k${i % 4}`,
    JSON.stringify(BAGS[i % BAGS.length]),
    '',
    `2024-01-01T${String(i % 12).padStart(2, '0')}:30:00Z`,
  ]);
  world = await makeWorld(
    engine,
    [0, 1, 2, 3].map((w) => ({
      attribution: [`Customer ${w % 2}`, `Tenant ${w % 2}`, `workspace-${w}`] as const,
      // The last has not got the table.
      tables:
        w === 3
          ? [{ name: 'Other', columns: COLUMNS.slice(0, 2), rows: [[1, 'k1']] }]
          : [
              { name: 'T', columns: COLUMNS, rows: rows.filter((_, i) => i % 3 === w) },
              {
                name: 'U',
                columns: COLUMNS.slice(0, 3),
                rows: rows.filter((_, i) => i % 3 === w).map((r) => r.slice(0, 3)),
              },
            ],
    })),
  );
  const file: readonly Column[] = [
    { name: 'k', type: 'string' },
    { name: 'weight', type: 'long' },
  ];
  const weights = await engine.createTable('files', 'weights', file);
  await engine.append(weights, [
    ['k1', 1],
    ['k2', 2],
    ['k3', 30],
  ]);
  world = { ...world, external: () => weights };
});
after(() => engine.close());

async function equals(query: string): Promise<void> {
  const result = await compareAcross(world, query, NOW, false);
  assert.equal(result.outcome, 'equal', JSON.stringify(result, undefined, 1).replaceAll('\\n', '\n'));
}

describe('files that everybody reads', () => {
  const FILE =
    'externaldata(k: string, weight: long) [h@"https://files.example/weights.csv?key=secret"] with (ignoreFirstRecord=true)';
  for (const query of [
    `let w = ${FILE}; T | where k in ((w | where weight > 1 | project k)) | summarize sum(n) by k`,
    `let w = ${FILE}; T | join kind=inner (w) on k | project n, k, weight`,
    `T | lookup (${FILE}) on k | summarize total = sum(n * weight) by _Customer`,
    `let most = toscalar(${FILE} | summarize max(weight)); T | where n > most | count`,
  ])
    it(query, () => equals(query));

  it('are asked for by the workspaces, with what is secret in the address hidden', async () => {
    const { sent } = await askAcross(world, `T | where k in ((${FILE} | project k)) | count`, NOW);
    assert.match(
      sent[0]!,
      /externaldata\(k:string, weight:long\) \[h"https:\/\/files.*secret"\] with \(format='csv', ignoreFirstRecord=true\)/,
    );
  });

  for (const query of [FILE, `union (T | project k), (${FILE})`, `T | join kind=rightouter (${FILE}) on k`])
    it(`are not read here: ${query}`, async () => {
      await assert.rejects(askAcross(world, query, NOW), /^AppError.*externaldata is read by the workspaces/);
    });
});

describe('columns that depend on everybody’s rows', () => {
  for (const query of [
    'U | project n, d | evaluate bag_unpack(d)',
    'U | evaluate bag_unpack(d)',
    'U | where n < 9 | summarize s = sum(n), d = take_any(d) by k | project-away d | evaluate pivot(k, sum(s))',
    'U | project k, n | evaluate pivot(k, sum(n))',
    'U | project k, _Customer | evaluate pivot(k)',
    'U | evaluate pivot(k, count(), _Workspace) | sort by _Workspace asc',
    'let least = 3; let big = (x: long) { x > least }; U | where n > 1 | project n, d | evaluate bag_unpack(d, "p_") // all\n | where big(n) and p_a > 1 | summarize count() by p_b',
    'declare query_parameters(least: long = 3, other: long = 1); U | project n, d | evaluate bag_unpack(d) | where n > least',
    'declare query_parameters(least: long = 3); let over = least + 1; U | where n > least | project n, d | evaluate bag_unpack(d) | where n > over',
    'U | project n, d | evaluate bag_unpack(d) | project n, c, b | evaluate narrow()',
    'U | project n, d, k | evaluate bag_unpack(d) | evaluate pivot(k, max(n), b)',
    'U | top 7 by n asc | project n, d | evaluate bag_unpack(d) | count',
    'datatable(d: dynamic) [dynamic({"a": 1})] | evaluate bag_unpack(d)',
    'U | project n, k | evaluate narrow()',
  ])
    it(query, () => equals(query));

  it('only the rows before them are asked for, and no more of their columns', async () => {
    const { sent, columns } = await askAcross(world, 'U | where n > 20 | project n, d | evaluate bag_unpack(d)', NOW);
    assert.match(sent[0]!, /^U\n\| project n, d\n\| where n > 20/);
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['n', 'a', 'a b', 'b', 'c'],
    );
  });

  it('a name that nobody has is told at its place in the query', async () => {
    const query =
      '// all\nlet least = 5;\nU | project n, d\n| evaluate bag_unpack(d)\n| where n > least and n > nosuch';
    const { local, writtenAt } = planAcross(query, acrossSchema(world.workspaces.map((each) => each.schema)), {
      now: NOW,
    });
    assert.equal(writtenAt?.(local!.indexOf('nosuch')), query.indexOf('nosuch'));
    assert.equal(writtenAt?.(local!.indexOf('part1')), undefined, 'what we wrote is nowhere in it');
  });

  for (const [query, reason] of [
    ['U | project n, d | evaluate bag_unpack(d) | join (Other) on n', /looks at other tables/],
    ['U | project n, d | evaluate bag_unpack(d) | union Other', /looks at other tables/],
    ['U | project n, d | evaluate bag_unpack(d) | where n in (Other)', /looks at other tables/],
    ['let u = U | evaluate bag_unpack(d); u | count', /other rows stand on them/],
    ['U | join (U | evaluate bag_unpack(d)) on n', /other rows stand on them/],
  ] as const)
    it(`refused: ${query}`, async () => {
      await assert.rejects(askAcross(world, query, NOW), reason);
    });
});

describe('when rows came in', () => {
  for (const query of [
    'T | where ingestion_time() > ago(6h)',
    'T | where ingestion_time() > ago(6h) | summarize n = count(), latest = max(ingestion_time()) by k',
    'T | project n, k, Ingested = ingestion_time() | top 5 by Ingested asc',
    'T | extend age = now() - ingestion_time() | summarize avg(age), make_set(ingestion_time) by _Customer',
    'T | summarize (Latest, n) = arg_max(ingestion_time(), n) by k',
    'T | summarize n = count() by Hour = bin(ingestion_time(), 1h)',
    'T | summarize First = min(ingestion_time()), Half = percentile(ingestion_time(), 50) by Day = bin(ingestion_time(), 1d)',
    'T | project n, Day = startofday(ingestion_time())',
    'T | extend Ingested = (ingestion_time()), k',
    'T | make-series n = count() on Ingested = ingestion_time() from ago(1d) to now() step 6h',
    'T | where ingestion_time() > ago(6h)\n// ingestion_time()\n| project-keep n*, k',
    'T | where n < 12 | top 3 by ingestion_time()',
    'T | sort by ingestion_time() asc, n asc | project n | take 3',
    'T | where ingestion_time() > toscalar(T | summarize max(ingestion_time())) - 3h | project n',
    'T | where k == "ingestion_time()" or n > 3 | project-away d | distinct *',
    'T | where ingestion_time() < ago(1h) | summarize arg_max(n, *) by k',
    'T | where n > 3 | extend late = ingestion_time() > ago(4h) | project-away d',
    'T | where _Workspace == "workspace-1" | extend late = ingestion_time() > datetime(2024-01-01T06:00:00Z) | where late',
    'T | join kind=inner (T | where ingestion_time() > ago(2h)) on n | project n, k1, ingestion_time()-1h',
    'union T, Other | where isnull(ingestion_time()) | count',
  ])
    it(query, () => equals(query));

  const unnamed = /ingestion_time\(\) as a column without a name/;
  const lookedAt = /ingestion_time\(\) beside what looks at all columns/;
  for (const [query, reason] of [
    ['T | summarize n = count() by bin(ingestion_time(), 1h)', unnamed],
    ['T | summarize n = count() by bin(ingestion_time(), 1h) | take 2', unnamed],
    ['T | project n, bin(ingestion_time(), 1h)', unnamed],
    ['T | project n, startofday(ingestion_time())', unnamed],
    ['T | project (ingestion_time())', unnamed],
    ['T | extend n, ingestion_time (), k', unnamed],
    ['T | distinct ["n"], ingestion_time()', unnamed],
    ['T | summarize arg_max(ingestion_time(), n) by k', unnamed],
    ['T | summarize arg_max(ingestion_time(), *) by k', unnamed],
    ['T | summarize take_any(ingestion_time())', unnamed],
    ['T | summarize max(ingestion_time())', unnamed],
    ['T | make-series n = count() on ingestion_time() from ago(1d) to now() step 6h', unnamed],
    ['T | where n in ((T | project n, ingestion_time() | project n))', unnamed],
    ['T | where ingestion_time() > ago(6h) | project-away d | distinct // all\n *', lookedAt],
    ['T | where ingestion_time() > ago(6h) and * has "2024"', lookedAt],
    ['T | where ingestion_time() > ago(6h) | project p = pack_all()', lookedAt],
    ['T | where ingestion_time() > ago(6h) | getschema', lookedAt],
    ['T | where ingestion_time() > ago(6h) | evaluate bag_unpack(d)', /and ingestion_time\(\) is beside them/],
  ] as const)
    it(`refused: ${query}`, async () => {
      await assert.rejects(askAcross(world, query, NOW), reason);
    });

  it('the one workspace shows what the query made of it, and not the tables’ own', async () => {
    const names = async (query: string): Promise<string> =>
      (await askWhole(world, query, NOW, false)).columns.map(({ name }) => name).join();
    assert.equal(await names('T | where ingestion_time() > ago(6h)'), 'n,k,d,ingestion_time');
    assert.equal(await names('T | project n, ingestion_time()'), 'n,$IngestionTime');
  });

  it('is asked of each, and travels only where something here looks at it', async () => {
    const { sent } = await askAcross(world, 'T | where ingestion_time() > ago(6h) | count', NOW);
    assert.match(sent[0]!, /ingestion_time_1 = ingestion_time\(\)/);
    assert.match(sent[0]!, /\| count$/);
  });
});
