import { AppError } from '../../base/errors.ts';
import { atOneMoment } from '../../kql/oneMoment.ts';
import { edited } from '../../kql/textEdits.ts';
import type { Edit } from '../../kql/textEdits.ts';
import { withoutComments } from '../../kql/withoutComments.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import { targetKey, targetName } from '../../model/run.ts';
import type { AnswerMode, RunSource, SharedRequests } from '../../model/run.ts';
import type { Scope } from '../../model/scope.ts';
import type { SharedRows } from '../../model/sharedWorkspace.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { choosePath, issuerOf, noPath } from '../estate/path.ts';
import { resolveRows, resolveScope } from '../estate/scope.ts';
import type { ResolvedScope, ScopeGap } from '../estate/scope.ts';
import { resolveSubscriptions } from '../estate/scopeSubscriptions.ts';
import { QUERY_LIMITS } from '../fanOut/quotaLimits.ts';
import { groupsOf } from './across/sharing.ts';
import type { PlannedTarget } from './plannedTarget.ts';
import { literalsOf } from './literalsOf.ts';
import { checkNamesShared } from './namesShared.ts';
import { foreignNames } from './foreignNames.ts';
import { graphTargets } from './graph/graphTargets.ts';
import { MAX_QUERY_LENGTH } from './limits.ts';
import type { RunFacts } from './runFacts.ts';

/** What a run will send, and to whom. */
export interface RunPlan {
  /** What everybody is sent: the query without its comments, its `now()` and `ago()` one instant for all. */
  readonly query: string;
  /** What makes that of the query as written, but for the comments. */
  readonly edits: readonly Edit[];
  readonly targets: readonly PlannedTarget[];
  readonly tables?: readonly string[];
  readonly unnamedTables?: boolean;
  readonly answer: AnswerMode;
  /** Whether everybody's rows, one under the other, are not the across answer; or must not be asked for so. */
  readonly needsStages?: true;
  /**
   * The stages are only there to ask several at once: everybody's rows, one under the other, are the across answer, and
   * may be asked for so.
   */
  readonly stagesToShare?: true;
  /** Everybody's rows, one under the other, are the across answer all the same, should there be no plan. */
  readonly rowsAreAnswer?: true;
  /** Whether a text of the query names a customer whom not all of the targets may read of. */
  readonly isConfidential?: (text: string) => boolean;
  /** Where in the query as written such a text stands; everybody would read it who is sent the query as it is. */
  readonly namesCustomerAt?: number;
  /** The query puts its rows in an order. */
  readonly sorted?: true;
  /** What to call the accounts that ask, by their ids. */
  readonly accountNames: ReadonlyMap<string, string>;
}

/** Refuses with `query.syntax` and the place what the parser already refuses. */
export function checkQuery(facts: RunFacts): void {
  const fault = facts.errors[0];
  if (!fault) return;
  // Some of the parser's messages end with a full stop, some do not.
  const message = fault.message.replace(/[.\s]+$/, '');
  throw new AppError('query.syntax', `${message} (line ${fault.line}, column ${fault.column}). Nothing was sent.`, {
    data: {
      line: fault.line,
      column: fault.column,
      start: fault.start,
      length: fault.length,
      // For who shows the place beside it.
      said: `${message}. Nothing was sent.`,
    },
  });
}

/** Refuses with `query.empty` or `query.tooLong` what needs no parser to be known wrong. */
export function checkQueryText(query: string): void {
  if (query.length > MAX_QUERY_LENGTH) {
    const [is, most] = [query.length, MAX_QUERY_LENGTH].map((n) => n.toLocaleString('en-US'));
    throw new AppError(
      'query.tooLong',
      `The query has ${is} characters; at most ${most} are sent. Move long lists to a table or a watchlist. Nothing was sent.`,
      { data: { limit: MAX_QUERY_LENGTH } },
    );
  }
  if (isBlank(query))
    throw new AppError(
      'query.empty',
      'There is no query to run: the text is empty or only comments. Nothing was sent.',
    );
}

/** When a run begins (milliseconds since 1970), and what is wanted of its answer. */
export interface PlanOptions {
  readonly now: number;
  /** Across only where it can be had: a world without a planner has no other than each workspace's own. */
  readonly answer: AnswerMode;
  /** Who may be asked together. */
  readonly sharing: SharedRequests;
  /** The workspaces unless it says otherwise. */
  readonly source?: RunSource;
  /** What is asked is about workspaces, and not of rows that may be of several customers. */
  readonly whole?: boolean;
}

/**
 * Who will be asked and how. Throws `query.*` as above, `query.notRestricted` where the query names a workspace that is
 * shared, and `input.scope`, with what is wrong with the scope, before anything is sent.
 */
export function planRun(
  query: string,
  facts: RunFacts,
  scope: Scope,
  estate: Estate,
  { now, answer, sharing, source = 'workspaces', whole = false }: PlanOptions,
): RunPlan {
  checkQueryText(query);
  checkQuery(facts);
  if (source === 'lake')
    throw new AppError('input.ofLake', 'This query asks what roll-ups have stored: nobody would be sent anything.');
  if (source === 'resourceGraph' && (facts.unnamedTables || facts.tables?.some((name) => name.includes('*'))))
    throw unnamed();
  const { asked, problems, gaps } = whoIsAsked(scope, estate, source, whole);
  // A scope of nothing but tenants that cannot be entered is a run with a reason for each, not a refusal.
  const fatal = problems.filter((problem) => problem.selector || gaps.length === 0);
  if (fatal.length > 0) {
    throw new AppError('input.scope', `${fatal.map((problem) => problem.message).join(' ')} Nothing was sent.`, {
      data: { suggestions: fatal.flatMap((problem) => problem.suggestions) },
    });
  }
  const targets = [...asked, ...gaps.map(planGap)].sort(byCustomerAndName);
  const clean = withoutComments(query);
  const edits = atOneMoment(clean, facts.instants ?? [], ticksOfMs(now));
  const rowByRow = source === 'resourceGraph' ? facts.graphRowByRow : facts.rowByRow;
  const mayDiffer = rowByRow === false && targets.length > 1;
  const isConfidential = foreignNames(estate, new Set(asked.map(({ target }) => target.customer)));
  const literals = literalsOf(clean);
  if (!whole) checkNamesShared(facts, literals, estate);
  const telling = [...literals, ...(facts.names ?? [])].find(({ text }) => isConfidential(text));
  // A part of a workspace is asked for by a text of its own.
  const ofPortions = asked.some(({ target }) => target.kind === 'workspace' && target.portion === true);
  const rowsAreAnswer = !mayDiffer && facts.namesAttribution !== true && telling === undefined;
  // Resource Graph has less of KQL, and gives the pages of rows with their id alone: a plan makes up for both.
  const needsStages = answer === 'across' && (source === 'resourceGraph' || !rowsAreAnswer || ofPortions);
  // What can be asked at once anyway is not worth asking for tables first.
  const stagesToShare = !needsStages && answer === 'across' && mostTogether(targets, sharing) > QUERY_LIMITS.atOnce;
  return {
    query: edited(clean, edits),
    edits,
    targets,
    accountNames: new Map(estate.accounts.map(({ id, label }) => [id, label])),
    // Where the rows are the same there is nothing to tell apart.
    answer: mayDiffer ? answer : 'across',
    ...(needsStages || stagesToShare ? { needsStages: true } : {}),
    ...(stagesToShare ? { stagesToShare } : {}),
    ...(rowsAreAnswer ? { rowsAreAnswer } : {}),
    isConfidential,
    ...(telling ? { namesCustomerAt: telling.start } : {}),
    ...(facts.tables ? { tables: facts.tables } : {}),
    ...(facts.sorted ? { sorted: true } : {}),
    ...(facts.unnamedTables ? { unnamedTables: true } : {}),
  };
}

/** The most targets that one token reaches, of those who may be asked together. */
function mostTogether(targets: readonly PlannedTarget[], sharing: SharedRequests): number {
  const shareable = targets.flatMap(({ target, way }) =>
    way && 'armId' in way && !way.only
      ? [{ target, issuer: way.issuer, customer: target.customer, region: way.region, likes: '' }]
      : [],
  );
  return Math.max(0, ...groupsOf(shareable, sharing).map(({ length }) => length));
}

function unnamed(): AppError {
  return new AppError(
    'query.unsupported',
    'Resource Graph has no search over all tables, and no wildcards: name the tables. Nothing was sent.',
  );
}

function whoIsAsked(
  scope: Scope,
  estate: Estate,
  source: RunSource,
  whole: boolean,
): Pick<ResolvedScope, 'problems' | 'gaps'> & { readonly asked: readonly PlannedTarget[] } {
  if (source === 'resourceGraph') {
    const { subscriptions, ...rest } = resolveSubscriptions(scope, estate);
    return { asked: graphTargets(subscriptions, estate), ...rest };
  }
  const { workspaces, ...rest } = (whole ? resolveScope : resolveRows)(scope, estate);
  return { asked: workspaces.map((workspace) => planWorkspace(workspace, EstateIndex.of(estate), whole)), ...rest };
}

function planWorkspace(workspace: Workspace, index: EstateIndex, whole: boolean): PlannedTarget {
  const { shared } = workspace;
  const wrong = whole || shared?.problem === undefined ? undefined : unclear(workspace.name, shared);
  const only = whole || !shared || wrong ? undefined : { rules: shared.rules, customer: workspace.customer };
  const path = choosePath(workspace);
  return {
    ...(path && !wrong
      ? {
          way: {
            issuer: issuerOf(workspace),
            guid: workspace.guid,
            armId: workspace.armId,
            region: workspace.region,
            ...(workspace.dataActionsOnly ? { dataActionsOnly: true } : {}),
            ...(only ? { only } : {}),
          },
        }
      : {}),
    target: {
      kind: 'workspace',
      workspace: workspace.key,
      workspaceName: workspace.name,
      customer: workspace.customer,
      customerName: index.customerName(workspace.customer),
      tenant: workspace.tenant,
      tenantName: index.tenantName(workspace.tenant),
      path: path?.kind ?? 'home',
      state: path && !wrong ? 'waiting' : 'skipped',
      rows: 0,
      attempts: 0,
      ...(only ? { portion: true } : {}),
      ...(wrong ? { error: wrong.toData() } : path ? {} : { error: noPath(workspace).toData() }),
    },
  };
}

/** A rule that is missing could make a row another customer's. */
function unclear(workspace: string, { problem, unsure }: SharedRows): AppError {
  return new AppError(
    'input.customersFile',
    `${workspace} ${unsure ? 'may be' : 'is'} shared, and whose its rows are cannot be told: ${problem} Nobody was asked there.`,
  );
}

function planGap(gap: ScopeGap): PlannedTarget {
  return {
    target: {
      kind: 'tenant',
      customer: gap.customer,
      customerName: gap.customerName,
      tenant: gap.tenant,
      tenantName: gap.tenantName,
      path: 'guest',
      state: 'skipped',
      rows: 0,
      attempts: 0,
      error:
        gap.error ??
        new AppError(
          'auth.signInRequired',
          `${gap.tenantName} could not be entered, so its workspaces are unknown. Sign in to it.`,
        ).toData(),
    },
  };
}

function isBlank(query: string): boolean {
  return withoutComments(query).replaceAll(/[\s;\uFEFF]/g, '') === '';
}

function byCustomerAndName(a: PlannedTarget, b: PlannedTarget): number {
  return (
    compare(a.target.customerName, b.target.customerName) ||
    compare(targetName(a.target), targetName(b.target)) ||
    compare(targetKey(a.target), targetKey(b.target))
  );
}
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
