import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { Column } from '../../model/kqlType.ts';
import type { RunId } from '../../model/ids.ts';
import { targetKey, targetName } from '../../model/run.ts';
import type { ComparisonKeys, Run, Target } from '../../model/run.ts';
import { COMBINED } from '../../ports/rows.ts';
import type { RowStoreRun } from '../../ports/rows.ts';
import { checkSource } from './askResult.ts';
import { completenessOf } from './completeness.ts';
import type { MadeRun } from './presentRun.ts';

/** Which two runs are compared, and by which columns; by the suggested ones where none are named, [] for whole rows. */
export interface ComparisonQuestion {
  readonly before: RunId;
  readonly after: RunId;
  readonly key?: readonly string[];
}

/** A run and its rows. */
interface RunRows {
  readonly run: Run;
  readonly rows: RowStoreRun;
}

/** The runs that are there, as far as comparing takes it. */
export interface ComparedRuns {
  get(id: RunId): Run;
  rows(id: RunId): RowStoreRun;
  present(of: readonly RunId[], signal: CancelSignal, work: (made: MadeRun) => Promise<Run>): Promise<Run>;
}

/** What two ended runs can be compared by. Rejects with `input.*` where they cannot be, and with `engine.*`. */
export async function keysOfRuns(runs: ComparedRuns, before: RunId, after: RunId): Promise<ComparisonKeys> {
  return comparisonKeys(...twoRuns(runs, before, after));
}

/**
 * What changed from one ended run to another, as a run of its own. Rejects with `input.*` where they cannot be
 * compared, with `engine.*`, and when cancelled.
 */
export async function presentComparison(
  runs: ComparedRuns,
  { before, after, key }: ComparisonQuestion,
  clock: Clock,
  signal: CancelSignal = NEVER,
): Promise<Run> {
  const [one, other] = twoRuns(runs, before, after);
  return runs.present([before, after], signal, (made) => compareRuns(made, one, other, { clock, key }));
}

function twoRuns(runs: ComparedRuns, before: RunId, after: RunId): [RunRows, RunRows] {
  const [one, other] = [before, after].map((id): RunRows => ({ run: runs.get(id), rows: runs.rows(id) }));
  checkComparison(one!.run, other!.run);
  return [one!, other!];
}

/** Types whose values name things rather than measure them. */
const NAMING: ReadonlySet<string> = new Set(['string', 'guid', 'bool', 'datetime', 'timespan']);

/** Refuses with `input.*` what cannot be compared: one run with itself, one that goes on or that nobody answered. */
function checkComparison(before: Run, after: Run): void {
  if (before.id === after.id) throw new AppError('input.sameRun', 'Choose two different runs: this is one run, twice.');
  checkSource(before);
  checkSource(after);
}

/**
 * Whose a row is with what looks like an identifier, where that tells all rows apart; else with everything that names
 * and does not measure; else nothing. Rejects with `engine.*`.
 */
async function comparisonKeys(before: RunRows, after: RunRows): Promise<ComparisonKeys> {
  const targets = commonTargets(before, after);
  const columns = before.rows
    .columns()
    .filter(({ name, type }) => after.rows.columns().some((other) => other.name === name && other.type === type));
  const whose = columns.filter(({ attribution }) => attribution);
  const own = columns.filter(({ attribution }) => !attribution);
  const candidates = [own.filter(isIdentifier), own.filter(({ type }) => NAMING.has(type))];
  for (const candidate of candidates) {
    const names = [...whose, ...candidate].map(({ name }) => name);
    if (names.length === 0) continue;
    const unique = await Promise.all([before, after].map(({ rows }) => rows.hasUnique(names, targets)));
    if (unique.every(Boolean)) return { columns: columns.map(toColumn), suggested: names };
  }
  return { columns: columns.map(toColumn), suggested: [] };
}

function toColumn({ name, type }: Column): Column {
  return { name, type };
}

function isIdentifier({ name, type }: Column): boolean {
  return type === 'guid' || /^([Ii]d|Computer)$|[a-z0-9_]Id$|_id$|ID$|[Gg]uid$/.test(name);
}

/**
 * What changed from one run to the other, as an ended run of its own. Workspaces that did not answer whole in both are
 * left out of it, with the reason: what is not known is neither added nor gone. Rejects as `RowStoreRun.compare` does.
 */
async function compareRuns(
  { id, rows, signal }: MadeRun,
  before: RunRows,
  after: RunRows,
  { clock, key }: { readonly clock: Clock; readonly key: readonly string[] | undefined },
): Promise<Run> {
  const began = clock.now();
  const by = key ?? (await comparisonKeys(before, after)).suggested;
  const targets = commonTargets(before, after);
  const { byTarget, ...counts } = await rows.compare(
    { rows: before.rows, targets },
    { rows: after.rows, targets },
    { key: by, signal },
  );
  const of = after.run;
  const all = standings(before.run, of).map((target) =>
    targets && target.state !== 'skipped' ? { ...target, rows: byTarget[targetKey(target)] ?? 0 } : target,
  );
  const completeness = completenessOf(all);
  return {
    id,
    of: of.id,
    made: {
      kind: 'comparison',
      before: before.run.id,
      beforeAt: before.run.startedAt,
      afterAt: of.startedAt,
      key: by,
      ...counts,
      notes: notesOf(before, after, targets === undefined),
    },
    query: of.query,
    scope: of.scope,
    timeRange: of.timeRange,
    state: 'finished',
    startedAt: new Date(began).toISOString(),
    finishedAt: new Date(clock.now()).toISOString(),
    targets: all,
    columns: rows.columns().map((column) => ({ ...column, presentIn: completeness.answered })),
    rowCount: rows.rowCount(),
    completeness,
    answer: of.answer,
    plan: { parts: [] },
    ...(before.run.unfinished || of.unfinished ? { unfinished: true } : {}),
  };
}

function isWhole({ state }: Target): boolean {
  return state === 'answered' || state === 'empty';
}

/** Keys of the targets that answered whole in both; undefined where rows were made of all together. */
function commonTargets(before: RunRows, after: RunRows): readonly string[] | undefined {
  if ([before, after].some(({ rows }) => COMBINED in rows.stamps())) return undefined;
  const earlier = new Set(before.run.targets.filter(isWhole).map(targetKey));
  return after.run.targets
    .filter(isWhole)
    .map(targetKey)
    .filter((key) => earlier.has(key));
}

/** Everybody who was asked in either run; who did not answer whole in both is skipped, and says why. */
function standings(before: Run, after: Run): Target[] {
  const earlier = new Map(before.targets.map((target) => [targetKey(target), target]));
  const later = new Map(after.targets.map((target) => [targetKey(target), target]));
  return [...new Set([...later.keys(), ...earlier.keys()])].map((key): Target => {
    const [was, is] = [earlier.get(key), later.get(key)];
    const target = (is ?? was)!;
    if (was && is && isWhole(was) && isWhole(is)) {
      const { error: _error, ...rest } = target;
      return rest;
    }
    // Who answered in neither is missing for the reason of its own.
    if (is?.error && !isWhole(is) && !(was && isWhole(was))) return { ...is, state: 'skipped', rows: 0 };
    const message = `${targetName(target)} is not compared: ${[tellOf(was, 'earlier'), tellOf(is, 'later')].filter(Boolean).join(', and ')}.`;
    return { ...target, state: 'skipped', rows: 0, error: { code: 'input.notInBoth', message, retryable: false } };
  });
}

function tellOf(target: Target | undefined, which: string): string {
  if (!target) return `it was not asked in the ${which} run`;
  if (isWhole(target)) return '';
  return `its answer is ${target.state === 'partial' ? 'only in part' : 'not'} in the ${which} run`;
}

/** What the rows themselves cannot tell of the two runs. */
function notesOf(before: RunRows, after: RunRows, total: boolean): string[] {
  const notes: string[] = [];
  if (total) {
    const of = ({ run }: RunRows): string => run.targets.filter(isWhole).map(targetKey).sort().join('\n');
    if (of(before) !== of(after))
      notes.push(
        'The rows were made of all workspaces together, and not of the same ones: what differs may be theirs who are missing.',
      );
  }
  const names = ({ rows }: RunRows): string[] => rows.columns().map(({ name, type }) => `${name} (${type})`);
  const [was, is] = [names(before), names(after)];
  const only = (own: readonly string[], other: readonly string[], which: string): void => {
    const columns = own.filter((name) => !other.includes(name));
    if (columns.length > 0) notes.push(`Only in the ${which} run: ${columns.join(', ')}.`);
  };
  only(was, is, 'earlier');
  only(is, was, 'later');
  if (before.run.query !== after.run.query) notes.push('The two runs asked different queries.');
  return notes;
}
