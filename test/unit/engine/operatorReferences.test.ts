import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { SeededRandom } from '../../harness/seededRandom.ts';

// Operators too big for the pipelines of properties.test.ts, each against the plainest program that follows its
// documentation.
interface Row {
  readonly g: string;
  readonly t: number;
  readonly e: string;
  readonly v: number;
}
const database = { name: 'local', tables: [] };
let engine: LocalEngine;
before(async () => {
  engine = await openEngine({ memoryLimitMb: 512, threads: 1 });
});
after(() => engine.close());

function randomRows(random: SeededRandom): Row[] {
  return Array.from({ length: random.int(0, 24) }, (_, t) => ({
    g: random.pick(['a', 'b', 'c']),
    t: t + 1,
    e: random.pick(['start', 'work', 'stop']),
    v: random.int(0, 9),
  }));
}
function table(rows: readonly Row[]): string {
  return `datatable(g:string, t:long, e:string, v:long)[${rows.map((r) => `'${r.g}',${r.t},'${r.e}',${r.v}`).join(', ')}]`;
}
async function ask(query: string, more: object = {}): Promise<unknown[][]> {
  const answer = await engine.query(query, { database, ...more });
  const rows = await answer.tables[0]!.rows();
  for (const t of answer.tables) await t.dispose();
  return rows.map((row) =>
    row.map((cell) =>
      typeof cell === 'bigint'
        ? Number(cell)
        : typeof cell === 'string' && /^[[{]/.test(cell)
          ? (JSON.parse(cell) as unknown)
          : cell,
    ),
  );
}
const sorted = (rows: readonly (readonly unknown[])[]): string[] => rows.map((r) => JSON.stringify(r)).sort();
function groups<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) found.set(key(row), [...(found.get(key(row)) ?? []), row]);
  return found;
}
const sum = (rows: readonly Row[]): number => rows.reduce((total, r) => total + r.v, 0);

/** Three steps, the state of step k a list of the records of steps 0..k: the documented checks, word by word. */
function scan(
  rows: readonly Row[],
  tests: readonly ((row: Row, state: readonly Row[]) => boolean)[],
): [Row, number, number][] {
  const states: ({ records: Row[]; match: number } | undefined)[] = tests.map(() => undefined);
  const out: [Row, number, number][] = [];
  let next = 0;
  for (const row of rows)
    for (let k = tests.length - 1; k >= 0; k--) {
      const [before, own] = [k > 0 ? states[k - 1] : undefined, states[k]];
      if (before && tests[k]!(row, before.records)) {
        states[k] = { records: [...before.records, row], match: before.match };
        states[k - 1] = undefined;
        out.push([row, k, before.match]);
      } else if ((own || k === 0) && tests[k]!(row, own?.records ?? [])) {
        const match = own?.match ?? next++;
        states[k] = { records: [...(own?.records.slice(0, k) ?? []), row], match };
        out.push([row, k, match]);
      }
    }
  return out;
}

describe('scan', () => {
  it('matches as the documented checks say, over random records', async () => {
    const random = new SeededRandom(11);
    for (let round = 0; round < 25; round++) {
      const rows = randomRows(random);
      const limit = random.int(1, 6);
      const got = await ask(
        `${table(rows)} | sort by t asc | scan with_match_id=m declare (s:long) with (step a: e == 'start' => s = 0; step b: e == 'work' and t - a.t <= ${limit} => s = 1; step c: e == 'stop' and v >= b.v => s = 2;) | project t, s, m`,
      );
      const want = scan(rows, [
        (r) => r.e === 'start',
        (r, s) => r.e === 'work' && s[0] !== undefined && r.t - s[0].t <= limit,
        (r, s) => r.e === 'stop' && s[1] !== undefined && r.v >= s[1].v,
      ]);
      assert.deepEqual(
        got,
        want.map(([r, k, m]) => [r.t, k, m]),
        table(rows),
      );
    }
  });
  it('is the same in partitions as over each alone', async () => {
    const random = new SeededRandom(12);
    const rows = randomRows(random);
    const steps = "scan with_match_id=m with (step a: e == 'start'; step b: e == 'stop';)";
    const got = await ask(
      `${table(rows)} | partition hint.strategy=native by g (sort by t asc | ${steps}) | project t, m`,
    );
    const alone = [...groups(rows, (r) => r.g).values()].flatMap((own) =>
      scan(own, [(r) => r.e === 'start', (r) => r.e === 'stop']).map(([r, , m]) => [r.t, m]),
    );
    assert.deepEqual(sorted(got), sorted(alone));
  });
});

describe('top-nested with others', () => {
  it('loses no row: every level adds up to what is above it', async () => {
    const random = new SeededRandom(13);
    for (let round = 0; round < 20; round++) {
      const rows = randomRows(random).map((r, i) => ({ ...r, v: r.v * 1000 + i }));
      const [n, m] = [random.int(1, 3), random.int(1, 2)];
      const got = await ask(
        `${table(rows)} | top-nested ${n} of g with others='-' by x=sum(v), top-nested ${m} of e with others='-' by y=sum(v)`,
      );
      const best = <K>(found: Map<K, Row[]>, count: number): [K, Row[]][] =>
        [...found].sort((a, b) => sum(b[1]) - sum(a[1])).slice(0, count);
      const kept = best(
        groups(rows, (r) => r.g),
        n,
      );
      const want: unknown[][] = kept.flatMap(([g, own]) => {
        const inner = best(
          groups(own, (r) => r.e),
          m,
        );
        const rest = own.filter((r) => !inner.some(([e]) => e === r.e));
        return [
          ...inner.map(([e, of]) => [g, sum(own), e, sum(of)]),
          ...(rest.length > 0 ? [[g, sum(own), '-', sum(rest)]] : []),
        ];
      });
      const rest = rows.filter((r) => !kept.some(([g]) => g === r.g));
      if (rest.length > 0) want.push(['-', sum(rest), '-', sum(rest)]);
      assert.deepEqual(sorted(got), sorted(want), table(rows));
    }
  });
});

describe('make-series by a key', () => {
  it('goes from the first bin of each key to its last', async () => {
    const random = new SeededRandom(14);
    for (let round = 0; round < 20; round++) {
      const [rows, step] = [randomRows(random), random.int(1, 5)];
      const got = await ask(`${table(rows)} | make-series n=count(), s=sum(v) default=-1 on t step ${step} by g`);
      const want = [...groups(rows, (r) => r.g)].map(([g, own]) => {
        const bins = groups(own, (r) => String(Math.floor(r.t / step) * step));
        const ends = [...bins.keys()].map(Number);
        const axis = Array.from(
          { length: (Math.max(...ends) - Math.min(...ends)) / step + 1 },
          (_, i) => Math.min(...ends) + i * step,
        );
        return [
          g,
          axis.map((b) => bins.get(String(b))?.length ?? 0),
          axis.map((b) => {
            const of = bins.get(String(b));
            return of ? sum(of) : -1;
          }),
          axis,
        ];
      });
      assert.deepEqual(sorted(got), sorted(want), `${step} ${table(rows)}`);
    }
  });
});

describe('sample with a seed', () => {
  const query = 'range x from 1 to 200 step 1 | sort by x ORDER | sample 5 | sort by x asc';
  it('picks the same rows in whatever order they come, and others for another seed', async () => {
    const [up, down, other] = [
      await ask(query.replace('ORDER', 'asc'), { seed: 1 }),
      await ask(query.replace('ORDER', 'desc'), { seed: 1 }),
      await ask(query.replace('ORDER', 'asc'), { seed: 2 }),
    ];
    assert.equal(up.length, 5);
    assert.deepEqual(up, down);
    assert.notDeepEqual(up, other);
  });
});

describe('refusals', () => {
  it('write names of functions and operators as they are, and begin sentences with a capital', async () => {
    const refusalOf = async (text: string): Promise<string> => {
      try {
        await ask(text);
        return '';
      } catch (thrown) {
        return (thrown as Error).message;
      }
    };
    assert.match(
      await refusalOf('print d=decimal(1) | serialize c=row_cumsum(d)'),
      /^row_cumsum\(\) of decimals is not supported/,
    );
    assert.match(
      await refusalOf('print x=1 | make-series count() on x from 0 to 5 step 0'),
      /^A step of 0 in make-series/,
    );
  });
});
