import { AppError } from '../../base/errors.ts';
import { scan } from '../../kql/scan.ts';
import { findScopeLines } from '../../kql/scopeLine.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import { targetKey, targetName } from '../../model/run.ts';
import type { PerWorkspaceNote, Target } from '../../model/run.ts';
import type { Scope } from '../../model/scope.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { choosePath, issuerOf, noPath } from '../estate/path.ts';
import { resolveScope } from '../estate/scope.ts';
import type { ScopeGap } from '../estate/scope.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { MAX_QUERY_LENGTH } from './limits.ts';
import type { RunFacts } from './runFacts.ts';

/** How one workspace is asked. */
export interface Way {
  readonly issuer: Issuer;
  readonly guid: string;
  readonly armId: string;
  /** Roles of the control plane read no rows there: see `Workspace.dataActionsOnly`. */
  readonly dataActionsOnly?: true;
}

/** One target and the way to it; there is none where it cannot be asked (the target then says why). */
export interface PlannedTarget {
  readonly target: Target;
  readonly way?: Way;
}

/** What a run will send, and to whom. */
export interface RunPlan {
  /**
   * What is sent: the query without `// @scope` lines, which may name customers that others must not read of in their
   * audit logs.
   */
  readonly query: string;
  readonly targets: readonly PlannedTarget[];
  readonly tables?: readonly string[];
  readonly unnamedTables?: boolean;
  readonly perWorkspaceNote?: PerWorkspaceNote;
  /** The query puts its rows in an order. */
  readonly sorted?: true;
  /** What to call the accounts that ask, by their ids. */
  readonly accountNames: ReadonlyMap<string, string>;
}

/** Refuses with `query.syntax` and the place what the parser already refuses. */
export function checkQuery(facts: RunFacts): void {
  const fault = facts.errors[0];
  if (!fault) return;
  throw new AppError(
    'query.syntax',
    `${fault.message} (line ${fault.line}, column ${fault.column}). Nothing was sent.`,
    {
      data: {
        line: fault.line,
        column: fault.column,
        start: fault.start,
        length: fault.length,
        // For who shows the place beside it.
        said: `${fault.message}. Nothing was sent.`,
      },
    },
  );
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

/**
 * Who will be asked and how. Throws `query.*` as above and `input.scope`, with what is wrong with the scope, before
 * anything is sent.
 */
export function planRun(query: string, facts: RunFacts, scope: Scope, estate: Estate): RunPlan {
  checkQueryText(query);
  checkQuery(facts);
  const { workspaces, problems, gaps } = resolveScope(scope, estate);
  // A scope of nothing but tenants that cannot be entered is a run with a reason for each, not a refusal.
  const fatal = problems.filter((problem) => problem.selector || gaps.length === 0);
  if (fatal.length > 0) {
    throw new AppError('input.scope', `${fatal.map((problem) => problem.message).join(' ')} Nothing was sent.`, {
      data: { suggestions: fatal.flatMap((problem) => problem.suggestions) },
    });
  }
  const targets = [
    ...workspaces.map((workspace) => planWorkspace(workspace, EstateIndex.of(estate))),
    ...gaps.map(planGap),
  ].sort(byCustomerAndName);
  return {
    query: withoutScopeLines(query),
    targets,
    accountNames: new Map(estate.accounts.map(({ id, label }) => [id, label])),
    ...(facts.tables ? { tables: facts.tables } : {}),
    ...(facts.sorted ? { sorted: true } : {}),
    ...(facts.unnamedTables ? { unnamedTables: true } : {}),
    ...(facts.perWorkspace && !facts.perWorkspace.same && targets.length > 1
      ? { perWorkspaceNote: toNote(facts.perWorkspace) }
      : {}),
  };
}

function toNote({ sentence, constructs }: NonNullable<RunFacts['perWorkspace']>): PerWorkspaceNote {
  return { sentence, constructs: [...new Set(constructs.map(({ name }) => name))] };
}

function planWorkspace(workspace: Workspace, index: EstateIndex): PlannedTarget {
  const path = choosePath(workspace);
  return {
    ...(path
      ? {
          way: {
            issuer: issuerOf(workspace),
            guid: workspace.guid,
            armId: workspace.armId,
            ...(workspace.dataActionsOnly ? { dataActionsOnly: true } : {}),
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
      state: path ? 'waiting' : 'skipped',
      rows: 0,
      attempts: 0,
      ...(path ? {} : { error: noPath(workspace).toData() }),
    },
  };
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

/** The lines become empty comments: places in errors stay true, and no statement falls apart at an empty line. */
function withoutScopeLines(query: string): string {
  return findScopeLines(query).reduceRight(
    (text, line) => `${text.slice(0, line.start)}//${text.slice(line.end)}`,
    query,
  );
}

function isBlank(query: string): boolean {
  let rest = '',
    from = 0;
  for (const span of scan(query).spans) {
    if (span.kind !== 'comment') continue;
    rest += query.slice(from, span.start);
    from = span.end;
  }
  return (rest + query.slice(from)).replaceAll(/[\s;\uFEFF]/g, '') === '';
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
