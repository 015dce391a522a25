import type { Difference, Plan } from '../../model/plan.ts';
import { codeBlock, codeSpan, escapeMarkdown } from '../platform/markdown.ts';

/**
 * The plan as a document to read before anything is done: what happens, with which settings, and the same for other
 * tools. Markdown.
 */
export function planText(plan: Plan): string {
  const settings = plan.changes.flatMap((change) => change.differences);
  return [
    `# ${escapeMarkdown(plan.title)}`,
    '',
    'Nothing has been done yet.',
    '',
    ...(plan.warnings.length
      ? ['## Read this first', '', ...plan.warnings.map((warning) => `- ${escapeMarkdown(warning)}`), '']
      : []),
    '## What will happen',
    '',
    ...plan.changes.map(
      ({ title, detail }, at) => `${at + 1}. **${escapeMarkdown(title)}**: ${escapeMarkdown(detail)}`,
    ),
    '',
    ...(settings.length ? ['## Settings', '', '| | |', '| --- | --- |', ...settings.map(toRow), ''] : []),
    ...(plan.commands.length
      ? ['## The same with the Azure CLI', '', codeBlock(plan.commands.join('\n'), 'sh'), '']
      : []),
    ...(plan.template ? ['## The same as an ARM template', '', codeBlock(plan.template, 'json'), ''] : []),
  ].join('\n');
}

function toRow({ name, before, after }: Difference): string {
  const cell = (value: string): string => codeSpan(value).replaceAll('|', '\\|');
  const values = [before, after].flatMap((value) => (value === undefined ? [] : [cell(value)]));
  return `| ${name} | ${values.join(' → ')} |`;
}
