import { toCells, summaryOf } from '../../core/doctor/words.ts';
import { withoutNames } from '../../core/doctor/withoutNames.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import { escapeMarkdown } from '../../base/markdown.ts';

/** A diagnosis as a document: a table for the person, and below it what can be handed to support. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const { cloud, version, at, checks } = diagnosis;
  const failing = checks.filter(({ state }) => state === 'fails' || state === 'warns');
  const row = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const table = (rows: Diagnosis['checks']): string[] => [
    '| Check | For | State | Found | Next |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((check) => row(toCells(check))),
  ];
  return [
    '# Connection Diagnosis',
    '',
    `${summaryOf(checks)} Cloud ${escapeMarkdown(cloud)}, Tenantscope ${version}, ${at}.`,
    '',
    ...(failing.length === 0 ? [] : ['## What to look at', '', ...table(failing), '']),
    '## Everything',
    '',
    ...table(checks),
    '',
    '## For support',
    '',
    'Without names of accounts, tenants, workspaces or hosts, and without secrets:',
    '',
    '```json',
    JSON.stringify(withoutNames(diagnosis), undefined, 1),
    '```',
    '',
  ].join('\n');
}
