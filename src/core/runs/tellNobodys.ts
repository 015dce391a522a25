import type { CancelSignal } from '../../base/cancel.ts';
import type { SourceSchema } from '../../kql/scopeSchema.ts';
import { targetName } from '../../model/run.ts';
import { NOT_ATTRIBUTED } from '../../model/sharedWorkspace.ts';
import { rowsOf } from '../assess/facts/answerRows.ts';
import { nobodysQuery } from '../central/sendersQuery.ts';
import { fanOut } from '../fanOut/fanOut.ts';
import type { ActiveRun } from './activeRun.ts';
import type { AskWorld } from './askWorld.ts';
import { workspaceWay } from './asking.ts';

/** How many of those who send are named. */
const NAMED = 3;

/**
 * Says of every shared workspace with rows in the answer that are nobody's how many its tables have of them, and who
 * sends them: a query each, over the tables that the run reads and its time range, else the last day. What cannot be
 * asked is said without.
 */
export async function tellNobodys(run: ActiveRun, world: AskWorld, changed: () => void): Promise<void> {
  const targets = run.planned.flatMap(({ target: { customer } }, index) => {
    const { state, rows } = run.target(index);
    const came = (state === 'answered' || state === 'partial') && rows > 0;
    return customer === NOT_ATTRIBUTED && came ? [index] : [];
  });
  if (targets.length === 0 || run.signal.aborted) return;
  const settled = await fanOut({
    name: run.id,
    targets,
    credentialOf: (index) => run.way(index).issuer.account,
    placeOf: (index) => run.key(index),
    quota: world.scheduler,
    retry: world.retry,
    random: world.random,
    signal: run.signal,
    work: (index, { signal }) => ask(run, index, world, signal),
  });
  for (const { target: index, outcome } of settled) {
    const name = targetName(run.target(index));
    const told = outcome.ok ? outcome.value : undefined;
    const { state, rows, attempts, tookMs, bytes, error } = run.target(index);
    const kept = {
      state,
      rows,
      attempts,
      ...(tookMs === undefined ? {} : { tookMs }),
      ...(bytes === undefined ? {} : { bytes }),
    };
    const nobodys =
      told === undefined
        ? `rows of ${name} name no customer`
        : `${told.rows.toLocaleString('en-US')} rows of ${name} in ${told.time} name no customer (${told.who})`;
    run.update(index, { ...kept, ...(error ? { error } : {}), nobodys });
  }
  changed();
}

async function ask(run: ActiveRun, index: number, { logs, across }: AskWorld, signal: CancelSignal) {
  const { issuer, guid, armId, only } = workspaceWay(run, index);
  const target = run.target(index);
  if (!only || target.kind !== 'workspace') return undefined;
  const known: SourceSchema | undefined = run.schemas.get(index);
  const told = known ?? (await across?.schemas.ofWorkspaces([target.workspace], { signal }))?.get(target.workspace);
  const schema = told && 'tables' in told ? told : told?.ok ? told.value : undefined;
  const names = run.stages ? run.stages.tables : new Set(run.tables);
  const tables = schema?.tables.filter(({ name }) => names.has(name)) ?? [];
  if (tables.length === 0) return undefined;
  const { timespan = 'P1D' } = run;
  const query = nobodysQuery(only.rules, tables);
  const answer = await logs.query({ issuer, workspaceGuid: guid, armId, query, timespan }, signal);
  const rows = rowsOf(answer);
  const who = rows.slice(0, NAMED).map((row) => row.text('Source') || 'no name');
  const more = rows.length - NAMED;
  return {
    rows: rows.reduce((sum, row) => sum + row.number('Rows'), 0),
    who: `${who.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    time: run.timespan === undefined ? 'the last day' : 'its time range',
  };
}
