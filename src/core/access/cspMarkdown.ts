import { escapeMarkdown } from '../../base/markdown.ts';
import type { CspCustomers } from '../../model/cspCustomer.ts';
import { relationshipWords } from './relationshipWords.ts';

/** The customers of a partner as a Markdown document: a line each, then what to do for each. Names are escaped. */
export function cspMarkdown({ customers, problems }: CspCustomers): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const open = customers.filter(({ missing }) => missing.length > 0);
  return [
    '# Customers of the partner',
    '',
    `${customers.length} customers, ${customers.filter(({ onboarded }) => !onboarded).length} not onboarded.`,
    '',
    ...problems.map(({ where, error }) => `- ${escapeMarkdown(`${where}: ${error.message}`)}`),
    ...(problems.length > 0 ? [''] : []),
    line(['Customer', 'Domain', 'Admin relationship', 'Workspaces', 'Onboarded', 'Lacks']),
    '| --- | --- | --- | ---: | --- | --- |',
    ...customers.map((one) =>
      line([
        one.name,
        one.domain,
        relationshipWords(one),
        String(one.workspaces),
        one.onboarded ? 'yes' : 'no',
        one.lacks.join(', '),
      ]),
    ),
    '',
    ...(open.length > 0 ? ['# What to do', ''] : []),
    ...open.flatMap(({ name, tenant, missing }) => [
      `## ${escapeMarkdown(name)}`,
      '',
      `Tenant \`${tenant}\`.`,
      '',
      ...missing.map((sentence) => `- ${escapeMarkdown(sentence)}`),
      '',
    ]),
  ].join('\n');
}
