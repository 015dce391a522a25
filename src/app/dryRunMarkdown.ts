import { counted } from '../base/counted.ts';
import { escapeMarkdown } from '../base/markdown.ts';
import { estimateOf, ESTIMATE_RESTS_ON, SEARCH_NOTE } from '../core/rollup/estimate.ts';
import type { CustomerEstimate } from '../core/rollup/estimate.ts';
import { diffTexts } from '../core/rollup/outputDiff.ts';
import type { OutputDiff } from '../core/rollup/outputDiff.ts';
import type { RollupReport } from '../core/rollup/rollupService.ts';
import { sizeText } from '../core/rollup/rollupWords.ts';
import type { Centre } from '../model/centre.ts';
import type { RollupDefinition } from '../model/rollup.ts';

/** What a dry run is told with beside what it read. */
export interface DryRunFacts {
  readonly definition: RollupDefinition;
  /** The kinds of the centres that the definition names. */
  readonly kinds: ReadonlySet<Centre['kind']>;
  /** Against what is stored; absent where nothing is. */
  readonly diff?: OutputDiff;
}

/**
 * What the last window of each workspace would bring, a day of such windows, what that costs at the centre, and how its
 * columns differ from what is stored. Markdown.
 */
export function dryRunMarkdown(report: RollupReport, { definition, kinds, diff }: DryRunFacts): string {
  const { rollup, error, table } = report;
  const estimate = estimateOf(report, definition);
  const columns = table && (table.view === undefined ? table.columns : table.viewColumns);
  return [
    `# ${cell(rollup)}: dry run`,
    '',
    error
      ? `**It cannot be run as it is.** ${cell(error.message)}`
      : `The last window of ${counted(definition.windowMinutes, 'minute')} of each workspace was read, and nothing was stored.`,
    '',
    ...reasons(report),
    ...(estimate.length > 0 ? customers(estimate, kinds) : []),
    ...(diff ? ['## Against what is stored', '', ...diffTexts(diff).flatMap((text) => [cell(text), ''])] : []),
    ...(columns
      ? [
          '## Columns',
          '',
          '| Column | Type |',
          '| --- | --- |',
          ...columns.map(({ name, type }) => `| ${cell(name)} | ${type} |`),
          '',
        ]
      : []),
  ].join('\n');
}

function reasons({ workspaces, missing }: RollupReport): string[] {
  const needScan = workspaces.some(({ error }) => error?.code === 'query.needsScan');
  return [
    ...workspaces.flatMap(({ customer, workspace, error, gaps }) => {
      const reason = error?.message ?? gaps[0]?.reason;
      return reason === undefined ? [] : [`- ${cell(`${customer} / ${workspace}`)}: ${cell(reason)}`];
    }),
    ...missing.map(
      ({ customer, tenant }) => `- ${cell(`${customer} / ${tenant}`)}: could not be entered. Sign in to it.`,
    ),
    '',
    ...(needScan ? [SEARCH_NOTE, ''] : []),
  ];
}

function customers(estimate: readonly CustomerEstimate[], kinds: DryRunFacts['kinds']): string[] {
  const isBilled = kinds.has('logAnalytics');
  const sum = (what: Exclude<keyof CustomerEstimate, 'customer'>): number =>
    estimate.reduce((total, one) => total + one[what], 0);
  const line = (name: string, of: (what: Exclude<keyof CustomerEstimate, 'customer'>) => number): string =>
    [
      '',
      name,
      number(of('rows')),
      sizeText(of('bytes')),
      number(of('rowsPerDay')),
      sizeText(Math.round(of('bytesPerDay'))),
      ...(isBilled ? [money(of('perDay')), money(of('perMonth'))] : []),
      '',
    ]
      .join(' | ')
      .trim();
  return [
    '## By customer',
    '',
    `| Customer | Rows | Size | Rows a day | Size a day |${isBilled ? ' USD a day | USD a month |' : ''}`,
    `| --- | ---: | ---: | ---: | ---: |${isBilled ? ' ---: | ---: |' : ''}`,
    ...estimate.map((one) => line(cell(one.customer), (what) => one[what])),
    line('**All**', sum),
    '',
    'Sizes are those of the rows as JSON; a day is as many such windows as it has.',
    '',
    ...(isBilled ? [`Dollars are those of the Log Analytics centre: ${ESTIMATE_RESTS_ON}`, ''] : []),
    ...(kinds.has('dataExplorer')
      ? ['Data Explorer charges its cluster by the hour, and nothing by the gigabyte.', '']
      : []),
  ];
}

function number(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

function money(usd: number): string {
  return usd > 0 && usd < 0.01 ? '<0.01' : usd.toFixed(2);
}

/** A text of others in its line: nothing in it acts. */
function cell(text: string): string {
  return escapeMarkdown(text.replaceAll(/\s+/g, ' ').trim().slice(0, 1_000));
}
