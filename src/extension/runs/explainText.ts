import { EstateIndex } from '../../core/estate/estateIndex.ts';
import { PATH_NAMES, choosePath } from '../../core/estate/path.ts';
import type { ResolvedScope } from '../../core/estate/scope.ts';
import { scopeLabel } from '../../core/estate/scope.ts';
import type { TextDiagnostic } from '../../kql/language/face.ts';
import { printScope } from '../../kql/scopeLine.ts';
import type { Estate } from '../../model/estate.ts';
import type { Scope } from '../../model/scope.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import { toTimespan } from '../../model/timeRange.ts';
import { codeBlock, codeSpan, escapeMarkdown } from '../../base/markdown.ts';
import { titleOfQuery } from '../session/queryTitle.ts';

/**
 * What *Explain* tells of a query: the scope and whom it resolves to, the time range, and what is wrong with the text.
 */
export interface Explanation {
  readonly query: string;
  readonly scope: Scope;
  readonly resolved: ResolvedScope;
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
  { query, scope, resolved, timeRange, diagnostics, plan }: Explanation,
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
        : `This would ask **${escapeMarkdown(scopeLabel(resolved, estate))}**.`,
    '',
    `- Scope: ${codeSpan(printScope(scope) || 'nothing')}`,
    `- Time range sent beside the query: ${span === undefined ? 'none; the query says it itself' : codeSpan(span)}`,
    '- Comments are not sent.',
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
    ...section(
      `Targets: ${resolved.workspaces.length}`,
      resolved.workspaces.length
        ? [
            '| customer | tenant | workspace | region | access |',
            '| --- | --- | --- | --- | --- |',
            ...resolved.workspaces.map((workspace) => {
              const path = choosePath(workspace);
              return `| ${[index.customerName(workspace.customer), index.tenantName(workspace.tenant), workspace.name, workspace.region, path ? PATH_NAMES[path.kind] : 'none'].map(escapeMarkdown).join(' | ')} |`;
            }),
          ]
        : [],
    ),
    '',
    '## Query',
    '',
    codeBlock(query, 'kusto'),
    '',
  ];
  return lines.join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length ? ['', `## ${title}`, '', ...lines] : [];
}
