import { codeBlock, codeSpan, escapeMarkdown } from '../../base/markdown.ts';
import { toAppError } from '../../base/errors.ts';
import { resultTables } from '../../core/runs/resultTables.ts';
import type { TextDiagnostic } from '../../kql/language/face.ts';
import type { CellReads } from '../session/cellReads.ts';
import { titleOfQuery } from '../session/queryTitle.ts';

/**
 * What *Explain* tells of a cell that asks the rows of earlier cells: that nobody is asked, or why it would be refused.
 * `diagnostics` are those of its syntax. Markdown.
 */
export function explainCell(
  query: string,
  { names, reads, earlier }: CellReads,
  diagnostics: readonly TextDiagnostic[],
): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  const problems = errors.length > 0 ? errors : refusalsOf(() => resultTables(query, reads, earlier));
  const cells = `cell${names.length === 1 ? '' : 's'} ${names.map(codeSpan).join(' and ')}`;
  return [
    `# ${escapeMarkdown(titleOfQuery(query))}`,
    '',
    problems.length > 0
      ? `**This would not be answered as it is.** It reads the rows of ${cells}, and nothing is sent.`
      : `This would be **answered here**, over the rows of ${cells}. Nobody is asked, and nothing is sent.`,
    '',
    '- Scope and time range are those the earlier cells were asked with; what they lack, this answer lacks.',
    ...(problems.length > 0 ? ['', '## Errors', '', ...problems.map((one) => `- ${escapeMarkdown(one)}`)] : []),
    '',
    '## Query',
    '',
    codeBlock(query, 'kusto'),
    '',
  ].join('\n');
}

function refusalsOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (thrown) {
    return [toAppError(thrown).message];
  }
}
