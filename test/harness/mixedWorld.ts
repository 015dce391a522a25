import type { Cell, Column, KqlType } from '../../src/model/kqlType.ts';
import { EPOCH_TICKS, TICKS } from '../../src/model/values/ticks.ts';
import type { WorkspaceRows, WorkspaceTable } from './acrossWorld.ts';
import { SeededRandom } from './seededRandom.ts';

/** The moment of these rows: all of their times lie in the five days before it. */
export const MIXED_NOW = EPOCH_TICKS + 19_723n * TICKS.day + 12n * TICKS.hour;
/** Texts of the rows: what is quoted, escaped, parsed or told apart by its case. */
export const TEXTS = ['', 'a', 'A', 'fox', 'Foxy', 'x y', "it's", 'z"z', 'ünter', 'C:\\x', 'k=1,m=2'] as const;

const columns = (text: string): Column[] =>
  text.split(' ').map((each) => {
    const [name = '', type] = each.split(':');
    return { name: name.replaceAll('~', ' '), type: type as KqlType };
  });
/** One table of every type; some names are those that parts of aggregates would take, or need quoting. */
export const MIXED = columns(
  'id:long k:long v:long n:int r:real big:real d:decimal sp:timespan g:guid s:string b:bool t:datetime a:dynamic ' +
    'j:dynamic count_:long rows:long v_sum:long part1:string column:string a~b:string Time-Taken:long',
);
const BAGS = ['{"x":1,"y":"p"}', '{"x":1.0}', '{"x":"1"}', '[1]', '"str"', '5', 'null', '{"y":{"z":[1,2]}}', '{}'];
const ITEMS = [1, 2, 'x', null, { q: 1 }];

function cell(random: SeededRandom, { name, type }: Column, id: number): Cell {
  if (name === 'id') return BigInt(id);
  if (name === 'v') return BigInt(random.int(-20, 20));
  if (type === 'string') return random.pick(TEXTS);
  if (random.chance(0.2)) return null;
  switch (type) {
    case 'int':
      return random.int(-2_000, 2_000) * (random.chance(0.3) ? 900_000 : 1);
    case 'real':
      return name === 'big' ? random.pick([Infinity, 1e150, -1e150, 1e15 + 0.5, 0, -0, 3.5]) : random.int(-40, 40) / 4;
    case 'decimal':
      return String(random.int(-300, 300) / 100);
    case 'timespan':
      return BigInt(random.int(-3, 7)) * (TICKS.hour + 1n);
    case 'guid':
      return `0000000${random.int(0, 4)}-0000-0000-0000-00000000000a`;
    case 'bool':
      return random.chance(0.5);
    case 'datetime':
      return MIXED_NOW - 5n * TICKS.day + BigInt(random.int(0, 5 * 86_400)) * TICKS.second;
    case 'dynamic':
      return name === 'j'
        ? random.pick(BAGS)
        : JSON.stringify(Array.from({ length: random.int(0, 3) }, () => random.pick(ITEMS)));
    default:
      return BigInt(random.int(-2, 5));
  }
}

/**
 * The same 90 rows dealt out to so many workspaces of three customers; the last has none of them. `C` has a column of
 * two types and one that some lack, some lack `R`, only the first has `O`, and nobody has rows in `E`.
 */
export function mixedWorkspaces(count: number): WorkspaceRows[] {
  const random = new SeededRandom(99 * count + 1);
  const hands = Array.from({ length: count }, (): Cell[][] => []);
  for (let id = 0; id < 90; id++) {
    const own = new SeededRandom(id + 5);
    hands[random.int(0, Math.max(0, count - 2))]!.push(MIXED.map((column) => cell(own, column, id)));
  }
  return hands.map((rows, w) => ({
    attribution: [`Customer ${w % 3}`, `Tenant ${w % 3}`, `workspace-${w}`],
    tables: [
      { name: 'L', columns: MIXED, rows },
      { name: 'E', columns: columns('x:long y:string t:datetime'), rows: [] },
      conflicting(w),
      ...(w % 3 === 1 ? [] : [ofKeys(w, count)]),
      ...(w === 0 ? [{ name: 'O', columns: columns('k:long o:string'), rows: ONLY }] : []),
    ],
  }));
}
const ONLY: Cell[][] = [
  [1n, 'one'],
  [2n, 'two'],
  [2n, 'zwei'],
  [null, 'none'],
];

function conflicting(w: number): WorkspaceTable {
  const texts = w % 2 === 0;
  const more = w % 3 === 0;
  return {
    name: 'C',
    columns: columns(`k:long x:${texts ? 'string' : 'long'}${more ? ' y:real' : ''}`),
    rows: Array.from({ length: 6 }, (_, i) => [
      BigInt(i % 3),
      texts ? String(i + w) : BigInt(i + w),
      ...(more ? [i / 2 + w] : []),
    ]),
  };
}
function ofKeys(w: number, count: number): WorkspaceTable {
  return {
    name: 'R',
    columns: columns('k:long w:long s:string'),
    rows: Array.from({ length: Math.max(1, Math.round(25 / count)) }, (_, i) => [
      BigInt(((i * 7 + w) % 6) - 1),
      BigInt(i * 3 - w),
      TEXTS[(i + w) % TEXTS.length]!,
    ]),
  };
}
