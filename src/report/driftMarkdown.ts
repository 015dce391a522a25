import { escapeMarkdown } from '../base/markdown.ts';
import type { Drift, DriftReport } from '../model/drift.ts';
import { changedText, differenceText, settingText } from '../model/driftTexts.ts';
import { driftSentence } from './driftSentence.ts';
import { count } from './words.ts';

/** A check of the baseline as a Markdown document, a chapter for each customer; names and values are escaped. */
export function driftMarkdown(report: DriftReport): string {
  const { at, calls, customers, drift, unknown } = report;
  const some = customers.filter(({ settings }) => settings > 0);
  return [
    '# Baseline',
    '',
    `${driftSentence(report)} As seen at ${at.slice(0, 16).replace('T', ' ')} UTC, with ${count(calls, 'request')}. Nothing was changed.`,
    '',
    ...some.flatMap(({ key, name, layers, settings, kept }) => [
      `## ${text(name)}`,
      '',
      `${kept} of ${count(settings, 'setting')} as agreed in: ${layers.map(text).join(', ')}.`,
      '',
      ...table(drift.filter(({ customer }) => customer === key)),
      ...unknown
        .filter(({ customer }) => customer === key)
        .map((one) => `- Could not be read: ${text(one.where)}, ${text(settingText(one))}: ${text(one.error.message)}`),
      '',
    ]),
    ...(customers.length > some.length
      ? [`Nothing is agreed with ${count(customers.length - some.length, 'further customer')}.`, '']
      : []),
  ].join('\n');
}

function table(drift: readonly Drift[]): readonly string[] {
  if (drift.length === 0) return [];
  return [
    '| Severity | Where | Setting | Difference | Since |',
    '| --- | --- | --- | --- | --- |',
    ...drift.map((one) => {
      const cells = [one.severity, one.where, settingText(one), differenceText(one), changedText(one)];
      return `| ${cells.map(text).join(' | ')} |`;
    }),
    '',
  ];
}

function text(value: string): string {
  return escapeMarkdown(value.slice(0, 1_000));
}
