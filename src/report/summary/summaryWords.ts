import type { Comparison, CustomerReport, Report, ReportGap, ReportPart } from '../../model/report.ts';
import { count } from '../words.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** What a part that is missing is called. */
export const PART_WORD: Readonly<Record<ReportPart, string>> = {
  everything: 'everything',
  volume: 'volume',
  machines: 'machines',
  caps: 'daily cap',
};

/** What stands for a list of which a part is missing, and that has nothing. */
export const UNKNOWN = 'Nothing is known to be; not everything that would tell is there.';

/** What stands for the list of what is out of line where nothing was compared. */
const NOT_COMPARED = 'Nothing was compared: fewer than two weeks before are known, or no day is whole.';

/** What an empty list of changes means: all is in line, something is missing, or nothing was compared. */
export function noChangesText(customers: readonly CustomerReport[]): string {
  if (!customers.some(({ compared }) => compared)) return NOT_COMPARED;
  return customers.every((one) => isKnown(one, 'volume')) ? 'Nothing is out of line.' : UNKNOWN;
}

/** A count; none of what is not wholly known is no none. */
export function told(number: number, known: boolean): string {
  return known ? String(number) : number === 0 ? 'unknown' : `${number} or more`;
}

/** Whether a part of a customer's report is there, so that nothing in it means nothing. */
export function isKnown({ gaps }: Pick<CustomerReport, 'gaps'>, part: 'machines' | 'caps' | 'volume'): boolean {
  return !gaps.some((gap) => gap.part === part || gap.part === 'everything');
}

/** `12.3 GB`; three digits behind the point below 1 GB, none from 100 on. Less is said to be less. */
export function gbText(gb: number): string {
  if (gb > 0 && gb < 0.001) return '< 0.001 GB';
  const digits = gb === 0 || gb >= 100 ? 0 : gb >= 1 ? 1 : 3;
  return `${gb.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} GB`;
}

/** US dollars: `$12.34`, from 100 on without cents. */
export function costText(dollars: number): string {
  if (dollars > 0 && dollars < 0.01) return '< $0.01';
  const digits = dollars >= 100 ? 0 : 2;
  return `$${dollars.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** Actual to expected: `+32 %`, `−100 %`, `× 14` from tenfold on, `new` where nothing was expected. */
export function changeText({ gb, expectedGb }: Pick<Comparison, 'gb' | 'expectedGb'>): string {
  return expectedGb > 0 ? ratioText(gb / expectedGb) : 'new';
}

/** The same in words: `4 % more than expected`. */
export function expectedText(one: Pick<Comparison, 'gb' | 'expectedGb'>): string {
  const percent = one.expectedGb > 0 ? Math.round((one.gb / one.expectedGb - 1) * 100) : Infinity;
  if (percent === 0) return 'as expected';
  if (percent === Infinity) return 'none of it expected';
  if (percent >= 900) return `${ratioText(one.gb / one.expectedGb).slice(2)} times what was expected`;
  return `${Math.abs(percent)} % ${percent > 0 ? 'more' : 'less'} than expected`;
}

/** A ratio to what was expected as a change. */
export function ratioText(ratio: number): string {
  if (ratio >= 10) return `× ${Math.round(ratio).toLocaleString('en-US')}`;
  const percent = Math.round((ratio - 1) * 100);
  return percent === 0 ? '±0 %' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`;
}

/** `Saturday, 28 November 2026` or `November 2026`. */
export function periodText({ period: { kind, label } }: Pick<Report, 'period'>): string {
  const [year, month, day] = label.split('-').map(Number) as [number, number, number | undefined];
  const name = `${MONTHS[month - 1]!} ${year}`;
  return kind === 'daily'
    ? `${WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()]!}, ${day!} ${name}`
    : name;
}

/** `28 Nov`. */
export function dayText(day: string): string {
  const [, month, date] = day.split('-').map(Number) as [number, number, number];
  return `${date} ${MONTHS[month - 1]!.slice(0, 3)}`;
}

/** `3 Nov, 7 Nov to 12 Nov`: days that follow one another as ranges. */
export function daysText(days: readonly string[]): string {
  const ranges: string[][] = [];
  for (const day of [...days].sort()) {
    const range = ranges.at(-1);
    if (range && Date.parse(day) - Date.parse(range.at(-1)!) === 86_400_000) range.push(day);
    else ranges.push([day]);
  }
  return ranges
    .map((range) => (range.length > 1 ? `${dayText(range[0]!)} to ${dayText(range.at(-1)!)}` : dayText(range[0]!)))
    .join(', ');
}

/** What the report is of and what it stands on, in sentences. */
export function aboutText(report: Report): readonly string[] {
  const { period, from, baselineDays, price } = report;
  const all = period.days.length;
  const open = all - period.wholeDays;
  return [
    `${period.kind === 'daily' ? 'Daily' : 'Monthly'} report; days are those of UTC.`,
    ...(isOver(report)
      ? []
      : [
          period.until < period.to
            ? `Not over yet: up to ${period.until.slice(0, 16).replace('T', ' ')} UTC.`
            : 'Its last hours may still come in: volume is written up to three hours late.',
        ]),
    ...(open > 0 && period.wholeDays > 0
      ? [`Of ${all} days ${period.wholeDays} are whole: only those are compared.`]
      : []),
    ...(period.wholeDays === 0 ? ['No day of it is whole, so nothing is compared.'] : []),
    from === 'live' ? 'Asked of the workspaces themselves.' : `Read from the centre ${from}.`,
    `What is expected comes of the ${baselineDays.length} days before, ${dayText(baselineDays[0]!)} to ${dayText(baselineDays.at(-1)!)}.`,
    `Costs are billed GB ${price} of Analytics logs: plans of tables, commitments and contracts are not in it.`,
  ];
}

/** Whether every day of the period is whole. */
export function isOver({ period }: Pick<Report, 'period'>): boolean {
  return period.until === period.to && period.wholeDays === period.days.length;
}

/** Whether nothing of the report is missing, and its period is over. */
export function isWhole(report: Report): boolean {
  return isOver(report) && report.customers.every(({ gaps }) => gaps.length === 0);
}

/** `law-contoso: machines (no access)`; in a list of customers one's own name is not said again. */
export function gapText({ of, part, reason }: ReportGap, customer?: string): string {
  if (of === customer && part === 'everything') return reason;
  return part === 'everything' ? `${of}: ${reason}` : `${of}: ${PART_WORD[part]} (${reason})`;
}

/** One customer's period in a sentence or two. */
export function customerSentence({ unknown, gb, compared, changes, silent, capHits, gaps }: CustomerReport): string {
  if (unknown) return 'Nothing is known of this period: nobody answered.';
  if (gb === 0 && !compared && silent.length === 0 && gaps.length === 0) return 'Nothing came in.';
  const than = compared ? `, ${expectedText(compared)}` : '';
  const notable = [
    ...(changes.length > 0 ? [`${count(changes.length, 'table is', 'tables are')} out of line`] : []),
    ...(silent.length > 0 ? [`${count(silent.length, 'source is', 'sources are')} silent`] : []),
    ...(capHits.length > 0
      ? [`the daily cap was reached ${capHits.length === 1 ? 'once' : count(capHits.length, 'time')}`]
      : []),
  ];
  const rest =
    notable.length > 0
      ? capitalized(listed(notable))
      : gaps.length > 0 || !compared
        ? 'In what is known nothing stands out'
        : 'Nothing stands out';
  return `${gbText(gb)} came in${than}. ${rest}.`;
}

/** How whole the report is, for the top of it: undefined where nothing is missing. */
export function missingText(customers: readonly CustomerReport[]): string | undefined {
  const unknown = customers.filter((one) => one.unknown).length;
  const partly = customers.filter((one) => !one.unknown && one.gaps.length > 0).length;
  if (unknown + partly === 0) return undefined;
  return capitalized(
    `${listed([
      ...(unknown > 0 ? [`of ${count(unknown, 'customer')} nothing is known`] : []),
      ...(partly > 0 ? [`of ${count(partly, 'customer')} something is missing`] : []),
    ])}: the sums below lack them.`,
  );
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
