import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import { withoutComments } from '../../kql/withoutComments.ts';
import type { Estate } from '../../model/estate.ts';
import { toTenantId, toWorkspaceKey } from '../../model/ids.ts';
import type { Cell } from '../../model/kqlType.ts';
import type { Completeness, Run, RunRequest, WorkspaceTarget } from '../../model/run.ts';
import { toTimespanAt } from '../../model/timeRange.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';
import type { StoredAnswer, StoredRowsPort, StoredWorkspace } from '../../ports/storedRows.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { resolveScope } from '../estate/scope.ts';
import { completenessOf } from './completeness.ts';
import type { MadeRun } from './presentRun.ts';
import type { RunFacts } from './runFacts.ts';

/** Rows of an answer at most: as many as the service gives. */
const MOST_ROWS = 500_000;

/** What asking the lake takes of the world. `estate` is loaded where a scope leaves somebody out. */
export interface AskLakeWorld {
  readonly stored?: StoredRowsPort;
  readonly estate: () => Promise<Estate>;
  readonly clock: Clock;
}

/**
 * Answers a query over what roll-ups have stored, as an ended run: nobody is sent anything. Its targets are the
 * workspaces of the scope; one with a gap, or of which nothing is stored, says so. Rejects with `query.*`,
 * `input.scope`, `engine.*`, and when cancelled.
 */
export async function askLake(
  { id, rows, signal }: MadeRun,
  { query, scope, timeRange }: RunRequest,
  facts: RunFacts,
  { stored, estate, clock }: AskLakeWorld,
): Promise<Run> {
  if (!stored)
    throw new AppError(
      'input.noLake',
      'The lake of roll-ups is not asked here. "tenantscope kql QUERY.kql --data LAKE" asks it in a terminal.',
    );
  const began = clock.now();
  const wanted = scope.include === 'all' && scope.except.length === 0 ? undefined : await targetsOf(scope, estate);
  const span = toTimespanAt(timeRange, began)?.split('/');
  const answer = await stored.ask(
    {
      query: withoutComments(query),
      now: ticksOfMs(began),
      ...(span ? { timespan: { from: span[0]!, to: span[1]! } } : {}),
      ...(wanted ? { workspaces: new Set(wanted.keys()) } : {}),
      maxRows: MOST_ROWS,
    },
    signal,
  );
  await rows.hold(answer.columns, answer.rows);
  const targets = standing(answer, wanted);
  const completeness = asStored(completenessOf(targets), answer.known);
  const ended = clock.now();
  return {
    id,
    source: 'lake',
    query,
    scope,
    timeRange,
    state: 'finished',
    startedAt: new Date(began).toISOString(),
    finishedAt: new Date(ended).toISOString(),
    targets,
    columns: rows.columns().map((column) => ({ ...column, presentIn: completeness.answered })),
    rowCount: rows.rowCount(),
    completeness,
    answer: 'across',
    plan: { parts: [], local: query, promise: { kind: 'exact' }, tookMs: ended - began },
    ...(answer.render ? { render: answer.render } : {}),
    ...(facts.sorted ? { sorted: true } : {}),
  };
}

/** What came after the last stored window is in no answer: the sentence says until when. */
function asStored(completeness: Completeness, known: readonly StoredWorkspace[]): Completeness {
  const ends = known.flatMap(({ until }) => (until === undefined ? [] : [until]));
  if (ends.length === 0) return completeness;
  const until = new Date(Math.min(...ends)).toISOString().slice(0, 16).replace('T', ' ');
  return { ...completeness, sentence: `${completeness.sentence}, as stored until ${until} UTC` };
}

/** The workspaces of a scope by their IDs. */
async function targetsOf(
  scope: RunRequest['scope'],
  load: () => Promise<Estate>,
): Promise<ReadonlyMap<string, WorkspaceTarget>> {
  const estate = await load();
  const index = EstateIndex.of(estate);
  const { workspaces, problems, gaps } = resolveScope(scope, estate);
  const wrong = problems.filter(({ selector }) => selector || gaps.length === 0);
  if (wrong.length > 0) throw new AppError('input.scope', wrong.map(({ message }) => message).join(' '));
  return new Map(
    workspaces.map(({ key, guid, name, customer, tenant }) => [
      guid,
      {
        ...FRESH,
        workspace: key,
        workspaceName: name,
        customer,
        customerName: index.customerName(customer),
        tenant,
        tenantName: index.tenantName(tenant),
      },
    ]),
  );
}

const FRESH = { kind: 'workspace', path: 'home', state: 'answered', rows: 0, attempts: 0 } as const;

function standing(
  { known, columns, rows, truncated }: StoredAnswer,
  wanted: ReadonlyMap<string, WorkspaceTarget> | undefined,
): WorkspaceTarget[] {
  const counts = rowsByWorkspace(
    columns.map(({ name }) => name),
    rows,
  );
  const byId = new Map(known.map((one) => [one.workspace, one]));
  const targets = wanted ? [...wanted] : known.map((one) => [one.workspace, toTarget(one)] as const);
  return targets
    .map(([guid, target]): WorkspaceTarget => {
      const own = byId.get(guid);
      const count = counts.get(`${target.customerName}\n${target.workspaceName}`) ?? 0;
      if (!own) return { ...target, state: 'skipped', error: NOT_STORED };
      const lacks =
        own.lacks ?? (truncated ? `There are more than ${MOST_ROWS.toLocaleString('en-US')} rows.` : undefined);
      if (lacks !== undefined)
        return {
          ...target,
          rows: count,
          state: 'partial',
          error: { code: 'query.rollupGaps', message: lacks, retryable: false },
        };
      return { ...target, rows: count };
    })
    .sort((a, b) => compare(a.customerName, b.customerName) || compare(a.workspaceName, b.workspaceName));
}

const NOT_STORED = {
  code: 'input.notStored',
  message: 'No roll-up that this query reads has stored anything of it. Its scope may leave it out.',
  retryable: false,
} as const;

/** A workspace as the state of roll-ups knows it: it may be in no estate any more. */
function toTarget({ workspace, workspaceName, customer, customerName }: StoredWorkspace): WorkspaceTarget {
  const key = toWorkspaceKey(workspace);
  return { ...FRESH, workspace: key, workspaceName, customer, customerName, tenant: toTenantId(''), tenantName: '' };
}

/** Rows of the answer that say whose they are. */
function rowsByWorkspace(names: readonly string[], rows: readonly (readonly Cell[])[]): ReadonlyMap<string, number> {
  const [customer, workspace] = [names.indexOf('_Customer'), names.indexOf('_Workspace')];
  const counts = new Map<string, number>();
  if (customer < 0 || workspace < 0) return counts;
  for (const row of rows) {
    const key = `${String(row[customer])}\n${String(row[workspace])}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
