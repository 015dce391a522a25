import type { CustomerReport, Report } from '../../model/report.ts';
import { markdownTable, markdownText } from '../markdownText.ts';
import { count, timeText } from '../words.ts';
import { cappedWorkspaces, estateTotals, topChanges } from './estateTotals.ts';
import type { LinkOf } from './linkOf.ts';
import {
  aboutText,
  changeText,
  costText,
  customerSentence,
  daysText,
  expectedText,
  gapText,
  gbText,
  isKnown,
  missingText,
  noChangesText,
  periodText,
  ratioText,
  told,
  UNKNOWN,
} from './summaryWords.ts';

/** A report as Markdown: of the estate where `linkOf` is given, else of its one customer. */
export function summaryMarkdown(report: Report, linkOf?: LinkOf): string {
  const sections = linkOf ? estateSections(report) : customerSections(report, report.customers[0]!);
  return `${sections.join('\n\n')}\n`;
}

function estateSections(report: Report): readonly string[] {
  const { customers } = report;
  const totals = estateTotals(report);
  const missing = missingText(customers);
  const lacking = customers.filter(({ gaps }) => gaps.length > 0);
  const all = (part: 'volume' | 'machines' | 'caps'): boolean => customers.every((one) => isKnown(one, part));
  return [
    `# All customers, ${periodText(report)}`,
    missing === undefined
      ? `Whole: all ${count(customers.length, 'customer')} answered everything that was asked.`
      : `**${missing}**\n\n${lacking.map(({ name, gaps }) => `- ${markdownText(`${name}: ${gaps.map((gap) => gapText(gap, name)).join('; ')}`)}`).join('\n')}`,
    aboutText(report).map(markdownText).join(' '),
    `${gbText(totals.gb)}${totals.compared ? `, ${expectedText(totals.compared)}` : ''}; ${gbText(totals.billedGb)} billed, ${costText(totals.cost)} at list price.`,
    ...changesSection(topChanges(customers), noChangesText(customers)),
    ...silentSection(
      customers.flatMap(({ name: customer, silent }) => silent.map((one) => ({ customer, ...one }))),
      all('machines') && all('volume'),
    ),
    ...capsSection(
      customers.flatMap(({ name: customer, capHits }) => capHits.map((one) => ({ customer, ...one }))),
      all('caps'),
    ),
    '## Customers',
    markdownTable(
      ['Customer', 'Volume', 'Cost', 'Change', 'Out of line', 'Silent', 'Cap', 'Whole'],
      customers.map((one) =>
        one.unknown
          ? [one.name, 'unknown', '', '', '', '', '', 'no']
          : [
              one.name,
              gbText(one.gb),
              costText(one.cost),
              one.compared ? changeText(one.compared) : 'not compared',
              told(one.changes.length, one.compared !== undefined),
              told(one.silent.length, isKnown(one, 'machines') && isKnown(one, 'volume')),
              told(one.capHits.length, isKnown(one, 'caps')),
              one.gaps.length > 0 ? 'partly' : 'yes',
            ],
      ),
    ),
  ];
}

function customerSections(report: Report, customer: CustomerReport): readonly string[] {
  const { name, gaps, unknown, billedGb, cost, tables, changes, silent, capHits } = customer;
  return [
    `# ${markdownText(name)}, ${periodText(report)}`,
    gaps.length === 0
      ? `Whole: ${count(customer.workspaces, 'workspace')} answered everything that was asked.`
      : `**This report is not whole.**\n\n${gaps.map((gap) => `- ${markdownText(gapText(gap))}`).join('\n')}`,
    customerSentence(customer),
    aboutText(report).map(markdownText).join(' '),
    ...(unknown
      ? []
      : [
          `${gbText(billedGb)} billed, ${costText(cost)} at list price.`,
          ...changesSection(changes, noChangesText([customer])),
          ...silentSection(silent, isKnown(customer, 'machines') && isKnown(customer, 'volume')),
          ...capsSection(capHits, isKnown(customer, 'caps')),
          '## Volume and cost by table',
          markdownTable(
            ['Table', 'Volume', 'Billed', 'Cost', 'Change'],
            tables.map((one) => [
              one.table,
              gbText(one.gb),
              gbText(one.billedGb),
              costText(one.cost),
              one.compared ? changeText(one.compared) : 'not compared',
            ]),
          ),
        ]),
  ];
}

type Named<T> = T & { readonly customer?: string };

function changesSection(changes: readonly Named<CustomerReport['changes'][0]>[], empty: string): readonly string[] {
  return section(
    'Out of line with the days before',
    empty,
    ['Table', 'Change', 'Volume', 'Expected', 'At others', 'Days'],
    changes,
    (one) => [
      one.table,
      changeText(one),
      gbText(one.gb),
      gbText(one.expectedGb),
      one.peers === undefined ? 'too few to tell' : `median ${ratioText(one.peers)}`,
      daysText(one.unusualDays),
    ],
  );
}

function silentSection(silent: readonly Named<CustomerReport['silent'][0]>[], known: boolean): readonly string[] {
  return section(
    'Silent sources',
    known ? 'Everything that used to report still does.' : UNKNOWN,
    ['Source', 'Kind', 'Workspace', 'Heard last'],
    silent,
    ({ name, kind, workspace, last }) => [name, kind, workspace, timeText(last)],
  );
}

function capsSection(hits: readonly Named<CustomerReport['capHits'][0]>[], known: boolean): readonly string[] {
  return section(
    'Daily cap reached',
    known ? 'No daily cap stopped the logs.' : UNKNOWN,
    ['Workspace', 'Days', 'When', 'Last from'],
    cappedWorkspaces(hits),
    ({ workspace, days, last }) => [workspace, String(days.length), daysText(days), timeText(last)],
  );
}

function section<T extends { readonly customer?: string }>(
  title: string,
  empty: string,
  head: readonly string[],
  rows: readonly T[],
  cells: (row: T) => readonly string[],
): readonly string[] {
  const whose = rows.some(({ customer }) => customer !== undefined);
  return [
    `## ${title}`,
    rows.length === 0
      ? empty
      : markdownTable(
          whose ? ['Customer', ...head] : head,
          rows.map((row) => [...(whose ? [row.customer ?? ''] : []), ...cells(row)]),
        ),
  ];
}
