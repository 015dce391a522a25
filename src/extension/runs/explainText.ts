import { EstateIndex } from '../../core/estate/estateIndex.ts';
import { PATH_NAMES, choosePath } from '../../core/estate/path.ts';
import type { ResolvedScope } from '../../core/estate/scope.ts';
import { scopeLabel } from '../../core/estate/scope.ts';
import { subscriptionsLabel } from '../../core/estate/scopeSubscriptions.ts';
import type { ResolvedSubscriptions } from '../../core/estate/scopeSubscriptions.ts';
import type { TextDiagnostic } from '../../kql/language/face.ts';
import { printScope } from '../../kql/scopeLine.ts';
import type { Estate } from '../../model/estate.ts';
import type { Scope } from '../../model/scope.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import { toTimespan } from '../../model/timeRange.ts';
import { timeRangeLabel } from '../../model/timeRangeText.ts';
import { codeBlock, codeSpan, escapeMarkdown } from '../../base/markdown.ts';
import { titleOfQuery } from '../session/queryTitle.ts';

/**
 * What *Explain* tells of a query: the scope and whom it resolves to, the time range, and what is wrong with the text.
 */
export interface Explanation {
  readonly query: string;
  readonly scope: Scope;
  readonly resolved: ResolvedScope;
  /** Of a query that asks Resource Graph: whom it would be asked about, in place of the workspaces. */
  readonly subscriptions?: ResolvedSubscriptions;
  readonly timeRange: TimeRange;
  /** What the language service says of the query with the schema of the scope. */
  readonly diagnostics: readonly TextDiagnostic[];
  /** What would be sent and what is done with it, as Markdown; absent for what would not be sent as it is. */
  readonly plan?: string;
}

/**
 * What running the query would do, before it is done: who is asked and by which way, who cannot be, what the text
 * itself says. Markdown.
 */
export function explainText(
  { query, scope, resolved, subscriptions, timeRange, diagnostics, plan }: Explanation,
  estate: Estate,
): string {
  const index = EstateIndex.of(estate);
  const span = toTimespan(timeRange);
  const errors = diagnostics.filter((one) => one.severity === 'error'),
    notes = diagnostics.filter((one) => one.severity !== 'error');
  const lines = [
    `# ${escapeMarkdown(titleOfQuery(query))}`,
    '',
    errors.length
      ? '**This would not be sent as it is**: the query has errors.'
      : resolved.problems.length
        ? '**This would not be sent as it is**: the scope has problems.'
        : subscriptions
          ? `This would ask **Resource Graph** about **${escapeMarkdown(subscriptionsLabel(subscriptions))}**.`
          : `This would ask **${escapeMarkdown(scopeLabel(resolved, estate))}**.`,
    '',
    `- Scope: ${codeSpan(printScope(scope) || 'nothing')}`,
    subscriptions
      ? '- Time range: none. Resource Graph tells what there is now.'
      : `- Time range sent beside the query: ${span === undefined ? 'none; the query says it itself' : escapeMarkdown(timeRangeLabel(timeRange).toLowerCase())}`,
    subscriptions
      ? '- The query goes to Resource Manager, and to no workspace. Comments are not sent.'
      : '- Comments are not sent.',
    ...(plan === undefined ? [] : ['', plan.trimEnd()]),
    ...section(
      'Problems of the scope',
      resolved.problems.map((problem) => `- ${escapeMarkdown(problem.message)}`),
    ),
    ...section(
      'Errors',
      errors.map((one) => `- ${escapeMarkdown(one.message)}`),
    ),
    ...section(
      'Worth knowing',
      notes.map((one) => `- ${escapeMarkdown(one.message)}`),
    ),
    ...section(
      `Not covered: ${resolved.gaps.length}`,
      resolved.gaps.map(
        (gap) =>
          `- ${escapeMarkdown(gap.customerName)}: ${escapeMarkdown(gap.error?.message ?? `${gap.tenantName} could not be entered.`)}`,
      ),
    ),
    ...(subscriptions ? subscriptionTargets(subscriptions, index) : workspaceTargets(resolved, index)),
    '',
    '## Query',
    '',
    codeBlock(query, 'kusto'),
    '',
  ];
  return lines.join('\n');
}

function workspaceTargets({ workspaces }: ResolvedScope, index: EstateIndex): string[] {
  return section(
    `Targets: ${workspaces.length}`,
    workspaces.length
      ? [
          '| customer | tenant | workspace | region | access |',
          '| --- | --- | --- | --- | --- |',
          ...workspaces.map((workspace) => {
            const path = choosePath(workspace);
            return row([
              index.customerName(workspace.customer),
              index.tenantName(workspace.tenant),
              workspace.name,
              workspace.region,
              path ? PATH_NAMES[path.kind] : 'none',
            ]);
          }),
        ]
      : [],
  );
}

function subscriptionTargets({ subscriptions }: ResolvedSubscriptions, index: EstateIndex): string[] {
  return section(
    `Subscriptions: ${subscriptions.length}`,
    subscriptions.length
      ? [
          '| customer | tenant | subscription | access |',
          '| --- | --- | --- | --- |',
          ...subscriptions.map(({ customer, tenant, name, paths: [path] }) =>
            row([index.customerName(customer), index.tenantName(tenant), name, path ? PATH_NAMES[path.kind] : 'none']),
          ),
        ]
      : [],
  );
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(escapeMarkdown).join(' | ')} |`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length ? ['', `## ${title}`, '', ...lines] : [];
}
