/** @jsxRuntime automatic @jsxImportSource preact */
import type { CapHit, Comparison, CustomerReport, Report, ReportChange, SilentSource } from '../../model/report.ts';
import type { ComponentChildren } from '../draw.ts';
import { timeText } from '../words.ts';
import { aboutText, changeText, dayText, gbText, periodText, ratioText } from './summaryWords.ts';

/** A row of a list over several customers, with whose it is; over one there is no such column. */
export type Of<T> = T & { readonly customer?: string };

/** The name and the period. */
export function SummaryHead({ name, report }: { readonly name: string; readonly report: Report }) {
  return (
    <header>
      <h1>{name}</h1>
      <p class="period">
        {periodText(report)}. {aboutText(report).slice(0, -2).join(' ')}
      </p>
    </header>
  );
}

/** What the numbers stand on. */
export function SummaryFoot({ report }: { readonly report: Report }) {
  return <footer class="foot">{aboutText(report).slice(-2).join(' ')}</footer>;
}

/** One number of the headline, with a word below it. */
export function Figure(props: {
  readonly term: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly bad?: boolean;
}) {
  return (
    <div class={props.bad === true ? 'figure bad' : 'figure'}>
      <dt>{props.term}</dt>
      <dd>
        <b>{props.value}</b>
        {props.note === undefined ? null : <span class="dim">{props.note}</span>}
      </dd>
    </div>
  );
}

/** A change against what was expected; one that is out of line is told by more than its colour. */
export function ChangeMark({
  compared,
  odd,
}: {
  readonly compared: Pick<Comparison, 'gb' | 'expectedGb'> | undefined;
  readonly odd: boolean;
}) {
  if (!compared) return <span class="dim">not compared</span>;
  if (!odd) return <span class="same">{changeText(compared)}</span>;
  return (
    <span class="odd">
      {compared.gb >= compared.expectedGb ? '▲' : '▼'} {changeText(compared)}
    </span>
  );
}

/** Tables out of line, with what is expected of them and what became of the same table elsewhere. */
export function ChangesTable({
  changes,
  report,
}: {
  readonly changes: readonly Of<ReportChange>[];
  readonly report: Report;
}) {
  const whose = changes.some(({ customer }) => customer !== undefined);
  return (
    <Section title="Out of line with the days before" empty="Nothing is out of line." rows={changes.length}>
      <table>
        <thead>
          <tr>
            {whose ? <th scope="col">Customer</th> : null}
            <th scope="col">Table</th>
            <th scope="col">Change</th>
            <th scope="col" class="number">
              Volume
            </th>
            <th scope="col" class="number">
              Expected
            </th>
            <th scope="col">At others</th>
            {report.period.kind === 'monthly' ? <th scope="col">Days</th> : null}
          </tr>
        </thead>
        <tbody>
          {changes.map((one, at) => (
            <tr key={at}>
              {whose ? <td class="name">{one.customer}</td> : null}
              <th scope="row" class="name">
                {one.table}
              </th>
              <td>
                <ChangeMark compared={one} odd />
              </td>
              <td class="number">{gbText(one.gb)}</td>
              <td class="number">{gbText(one.expectedGb)}</td>
              <td>
                {one.peers === undefined ? <span class="dim">too few to tell</span> : `median ${ratioText(one.peers)}`}
              </td>
              {report.period.kind === 'monthly' ? <td>{one.unusualDays.map(dayText).join(', ')}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** Machines and tables that used to report. */
export function SilentTable({ silent }: { readonly silent: readonly Of<SilentSource>[] }) {
  const whose = silent.some(({ customer }) => customer !== undefined);
  return (
    <Section title="Silent sources" empty="Everything that used to report still does." rows={silent.length}>
      <table>
        <thead>
          <tr>
            {whose ? <th scope="col">Customer</th> : null}
            <th scope="col">Source</th>
            <th scope="col">Kind</th>
            <th scope="col">Workspace</th>
            <th scope="col">Heard last</th>
          </tr>
        </thead>
        <tbody>
          {silent.map(({ customer, name, kind, workspace, last }, at) => (
            <tr key={at}>
              {whose ? <td class="name">{customer}</td> : null}
              <th scope="row" class="name">
                {name}
              </th>
              <td>{kind}</td>
              <td class="name">{workspace}</td>
              <td class="same">{timeText(last)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** Days on which a cap stopped the logs. */
export function CapsTable({ hits }: { readonly hits: readonly Of<CapHit>[] }) {
  const whose = hits.some(({ customer }) => customer !== undefined);
  return (
    <Section title="Daily cap reached" empty="No daily cap stopped the logs." rows={hits.length}>
      <table>
        <thead>
          <tr>
            {whose ? <th scope="col">Customer</th> : null}
            <th scope="col">Workspace</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {hits.map(({ customer, workspace, first }, at) => (
            <tr key={at}>
              {whose ? <td class="name">{customer}</td> : null}
              <th scope="row" class="name">
                {workspace}
              </th>
              <td class="same">{timeText(first)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** What is known of a section at all: none of it where a part of the report is missing says so. */
export function isKnown({ gaps }: Pick<CustomerReport, 'gaps'>, part: 'machines' | 'caps' | 'volume'): boolean {
  return !gaps.some((gap) => gap.part === part || gap.part === 'everything');
}

function Section(props: {
  readonly title: string;
  readonly empty: string;
  readonly rows: number;
  readonly children: ComponentChildren;
}) {
  return (
    <section>
      <h2>{props.title}</h2>
      {props.rows === 0 ? <p class="dim">{props.empty}</p> : <div class="wide">{props.children}</div>}
    </section>
  );
}
