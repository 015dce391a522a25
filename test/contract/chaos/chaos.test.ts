// Alone: it measures what memory it takes.
/**
 * Hostile answers, faults and cancels in every combination, a seed each, over a run of 24 workspaces through the real
 * SDKs. `TENANTSCOPE_CHAOS_SEEDS=5000` is the nightly size, `TENANTSCOPE_CHAOS_FIRST=17 TENANTSCOPE_CHAOS_SEEDS=1` one
 * seed again.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { toAppError } from '../../../src/base/errors.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { RunId } from '../../../src/model/ids.ts';
import { targetName } from '../../../src/model/run.ts';
import type { Run } from '../../../src/model/run.ts';
import { SeededRandom } from '../../harness/seededRandom.ts';
import type { FaultRule } from '../../../src/emulator/faults.ts';
import { ANY_CANARY, CUSTOMERS, ROWS_EACH } from './estate.ts';
import { isNoAnswer, listMischief, queryMischief, readyAnswer } from './mischief.ts';
import { openChaosWorld } from './world.ts';
import type { ChaosWorld } from './world.ts';

const SEEDS = Number(process.env['TENANTSCOPE_CHAOS_SEEDS'] ?? 100);
const FIRST = Number(process.env['TENANTSCOPE_CHAOS_FIRST'] ?? 1);
/** A run that is still at work then will never end. */
const LONGEST_MS = 120_000;
const MOST_BYTES = 1_000_000_000;
/** In one seed of so many the estate is read anew, through services that fail. */
const FRESH_EVERY = 10;
/** In one seed of so many the service works its answers out; in the others they lie ready, in a tenth of the time. */
const WORKED_OUT_EVERY = 4;
const QUERY = 'Secret_CL | project TimeGenerated, Canary, Number, Bag';
const QUERIES = [
  QUERY,
  QUERY,
  'Secret_CL | summarize Count = count() by Canary',
  'Secret_CL | render timechart',
  'union withsource=T * | take 5',
  'Missing_CL | take 3',
];

let world: ChaosWorld, directory: string;
/** What goes wrong with the lists of an estate in this seed. */
let lists: readonly FaultRule[] = [];
/** Whether answers lie ready in this seed. */
let ready = false;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tenantscope-chaos-'));
  world = await openChaosWorld(directory);
});
after(async () => {
  await world.close();
  await rm(directory, { recursive: true, force: true });
});

const start = (query: string): Promise<Run> =>
  world.runs.start({ query, scope: EVERYTHING, timeRange: { kind: 'inQuery' } });

test(`${SEEDS} seeds of chaos from ${FIRST}: each run ends and says who is missing, the next is whole, nobody's rows are anywhere else`, async () => {
  const failures: string[] = [];
  for (let seed = FIRST; seed < FIRST + SEEDS && failures.length < 20; seed++) {
    try {
      ready = seed % WORKED_OUT_EVERY !== 0;
      await inTime(disturbed(new SeededRandom(seed), seed % FRESH_EVERY === 0));
      await inTime(clean());
      assert.ok(process.memoryUsage.rss() < MOST_BYTES, `${process.memoryUsage.rss()} bytes of memory`);
    } catch (error) {
      failures.push(`Seed ${seed}: ${(error as Error).message}`);
      await world.service.faults([]);
      await world.fresh();
    }
  }
  assert.equal(failures.length, 0, `\n${failures.join('\n')}`);
  await nothingBesideRows();
});

/** One seed: an estate that may be half seen, a run or two over it, whatever goes wrong, stopped, asked again. */
async function disturbed(random: SeededRandom, fresh: boolean): Promise<void> {
  lists = [];
  const { nests } = world.estateOf;
  if (fresh) {
    await world.service.faults((lists = listMischief(random, nests)));
    const seen = await seenOrSaid();
    await asked(random).catch((error: unknown) => {
      // Where nobody is seen at all, nothing is sent, and that is said.
      if (seen > 0 || toAppError(error).code !== 'input.scope') throw error;
    });
    await world.service.faults([]);
    assert.equal(await seenOrSaid(), CUSTOMERS);
  } else await asked(random);
}

/** A run or two, stopped, asked again and thrown away. */
async function asked(random: SeededRandom): Promise<void> {
  const rules = queryMischief(random, world.estateOf.nests);
  await world.service.faults([...lists, ...rules, ...readyAnswers(rules)]);
  const hangs = rules.some(({ fault }) => fault.kind === 'hang');
  const runs = [await start(random.pick(QUERIES))];
  if (random.chance(0.15)) runs.push(await start(random.pick(QUERIES)));
  for (const { id } of runs) {
    const stop = hangs || random.chance(0.3) ? cancelLater(id, random) : undefined;
    const run = await world.runs.ended(id);
    await judge(run);
    judgeByFaults(run, rules);
    clearTimeout(stop);
    if (!random.chance(0.3)) continue;
    if (random.chance(0.5)) await world.service.faults([]);
    world.runs.retry(id);
    const again = cancelLater(id, random);
    await judge(await world.runs.ended(id));
    clearTimeout(again);
  }
  if (random.chance(0.05)) {
    const { id } = await start(QUERY);
    await world.runs.discard(id);
    assert.throws(() => world.runs.get(id), { code: 'input.unknownRun' });
  }
}

function cancelLater(id: RunId, random: SeededRandom): NodeJS.Timeout {
  return setTimeout(
    () => {
      world.runs.cancel(id);
    },
    random.pick([0, 5, 20, 80]),
  );
}

/** How many workspaces a new picture has: those of all customers, or it says what it lacks. */
async function seenOrSaid(): Promise<number> {
  const { tenants, workspaces, problems } = (await world.fresh()).current!;
  const lacking = [...tenants.filter((tenant) => tenant.error), ...problems];
  if (workspaces.length < CUSTOMERS) assert.ok(lacking.length > 0, 'nobody says what is missing');
  plain(JSON.stringify(lacking));
  return workspaces.length;
}

/** What any run that has ended has to say, and the rows that it has. */
async function judge(run: Run): Promise<void> {
  assert.notEqual(run.state, 'running');
  const { completeness, targets } = run;
  const missing = new Set(completeness.missing.flatMap(({ workspaces, tenants = [] }) => [...workspaces, ...tenants]));
  // A tenant that could not be entered stands for nobody knows how many.
  assert.equal(completeness.asked, targets.filter(({ kind }) => kind === 'workspace').length);
  assert.equal(completeness.answered + missing.size, targets.length);
  assert.equal(completeness.complete, missing.size === 0);
  assert.match(completeness.sentence, /\d/);
  for (const { reason } of completeness.missing) assert.ok(reason.length > 0 && reason !== 'still asked', reason);
  const stored = await rowsByWorkspace(run);
  for (const target of targets) {
    const name = targetName(target);
    const whole = target.state === 'answered' || target.state === 'empty';
    assert.ok(!['waiting', 'running'].includes(target.state), `${name} is ${target.state}`);
    assert.equal(missing.has(target.kind === 'workspace' ? target.workspace : target.tenant), !whole, name);
    if (!whole && target.state !== 'cancelled') assert.ok(target.error?.message, `${name}: no reason`);
    // A part that came before a further attempt stays until the whole of it comes.
    assert.equal(stored.get(name) ?? 0, target.rows, `rows of ${name}, ${target.state}`);
    if (target.error) {
      assert.doesNotMatch(target.error.code, /^bug\./, `${name}: ${target.error.message}`);
      plain(target.error.message);
    }
    // What a service says of its own customer stands at that customer, and nowhere else.
    for (const [canary, number] of JSON.stringify(target).matchAll(ANY_CANARY))
      assert.equal(`law-${number}`, name, `${canary} at ${name}`);
  }
  const { targets: _told, ...rest } = run;
  nobody(JSON.stringify(rest), 'the run itself');
  nobody(world.said().replace(/^\{"v":2.*$/gm, ''), 'what was sent or logged');
}

/** Who met what cannot be an answer has none, and who met nothing has a whole one unless it was stopped. */
function judgeByFaults(run: Run, rules: readonly FaultRule[]): void {
  for (const target of run.targets) {
    const met = rules.filter(({ match }) => match?.workspace === targetName(target));
    const whole = target.state === 'answered' || target.state === 'empty';
    const { error, attempts, bytes } = target;
    const said = JSON.stringify({ error: error?.message, attempts, bytes, met }).slice(0, 600);
    const what = `${targetName(target)} is ${target.state} with ${said}`;
    if (met.length > 0 && met.every(({ fault }) => isNoAnswer(fault)) && met.some(isForGood)) assert.ok(!whole, what);
    if (met.length === 0 && lists.length === 0) assert.ok(whole || target.state === 'cancelled' || run.error, what);
  }
}

function isForGood({ after: passed, times }: FaultRule): boolean {
  return passed === undefined && times === undefined;
}

/** How many rows each workspace has; every canary is in a row of its own workspace. */
async function rowsByWorkspace(run: Run): Promise<Map<string, number>> {
  const rows = world.runs.rows(run.id);
  const counts = new Map<string, number>();
  if (run.rowCount === 0) return counts;
  const window = await rows.window({ first: 0, count: 5_000 });
  assert.equal(window.total, run.rowCount);
  assert.equal(window.rows.length, run.rowCount);
  const at = window.columns.indexOf('_Workspace');
  for (const row of window.rows) {
    const workspace = String(row[at]);
    counts.set(workspace, (counts.get(workspace) ?? 0) + 1);
    for (const [canary, number] of JSON.stringify(row, jsonCell).matchAll(ANY_CANARY))
      assert.equal(`law-${number}`, workspace, `${canary} in a row of ${workspace}`);
  }
  return counts;
}

/** What the well workspaces answer, where it lies ready; roles on tables are worked out. */
function readyAnswers(rules: readonly FaultRule[] = []): FaultRule[] {
  const { nests } = world.estateOf;
  const worked = new Set(rules.flatMap(({ fault, match }) => (fault.kind === 'denyTables' ? [match?.workspace] : [])));
  return ready ? nests.filter(({ workspace }) => !worked.has(workspace)).map(readyAnswer) : [];
}

/** With everything well again everybody answers, with exactly what is theirs. */
async function clean(): Promise<void> {
  await world.service.faults(readyAnswers());
  const { id } = await start(QUERY);
  const run = await world.runs.ended(id);
  assert.deepEqual(run.completeness, {
    asked: CUSTOMERS,
    answered: CUSTOMERS,
    complete: true,
    missing: [],
    sentence: run.completeness.sentence,
  });
  assert.equal(run.state, 'finished');
  const columns = ['_Workspace', 'Canary', 'Number'];
  const { rows } = await world.runs.rows(id).window({ first: 0, count: 1_000, columns });
  const wanted = world.estateOf.nests.flatMap(({ workspace, canary }) =>
    Array.from({ length: ROWS_EACH }, (_, row) => [workspace, canary, row]),
  );
  assert.deepEqual(rows.map((row) => JSON.stringify(row)).sort(), wanted.map((row) => JSON.stringify(row)).sort());
  await judge(run);
}

/** No file beside the database of rows holds anything of them. */
async function nothingBesideRows(): Promise<void> {
  for (const name of await readdir(directory))
    if (!/\.duckdb(\.wal)?$/.test(name)) nobody(await readFile(join(directory, name), 'latin1'), name);
}

function nobody(text: string, place: string): void {
  // Never the whole text: it may be megabytes.
  assert.deepEqual(
    [...text.matchAll(ANY_CANARY)].map(([canary]) => canary),
    [],
    place,
  );
}

/** Words for people: none of a program's. */
function plain(text: string): void {
  assert.doesNotMatch(text, /\[object |undefined|\bNaN\b|at \w+ \(|TypeError|Cannot read/, text);
}

function jsonCell(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`nothing came of it in ${LONGEST_MS / 1_000} s`));
    }, LONGEST_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
