/** @jsxRuntime automatic @jsxImportSource preact */
import type { CapHit, Comparison, Report, ReportChange, SilentSource } from '../../model/report.ts';
import type { ComponentChildren } from '../draw.ts';
import { timeText } from '../words.ts';
import { cappedWorkspaces } from './estateTotals.ts';
import { aboutText, changeText, daysText, gbText, periodText, ratioText, UNKNOWN } from './summaryWords.ts';
import { Wide } from './wide.tsx';

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
  empty,
}: {
  readonly changes: readonly Of<ReportChange>[];
  readonly report: Report;
  /** What it means that there is none. */
  readonly empty: string;
}) {
  const whose = changes.some(({ customer }) => customer !== undefined);
  return (
    <Section title="Out of line with the days before" empty={empty} rows={changes.length}>
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
              {report.period.kind === 'monthly' ? <td>{daysText(one.unusualDays)}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** Machines and tables that used to report. */
export function SilentTable({
  silent,
  known,
}: {
  readonly silent: readonly Of<SilentSource>[];
  readonly known: boolean;
}) {
  const whose = silent.some(({ customer }) => customer !== undefined);
  return (
    <Section
      title="Silent sources"
      empty={known ? 'Everything that used to report still does.' : UNKNOWN}
      rows={silent.length}
    >
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
              <td>{kind === 'workspace' ? 'all its tables' : kind}</td>
              <td class="name">{workspace}</td>
              <td class="same">{timeText(last)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** Workspaces that a cap stopped, and when. */
export function CapsTable({ hits, known }: { readonly hits: readonly Of<CapHit>[]; readonly known: boolean }) {
  const capped = cappedWorkspaces(hits);
  const whose = capped.some(({ customer }) => customer !== undefined);
  return (
    <Section title="Daily cap reached" empty={known ? 'No daily cap stopped the logs.' : UNKNOWN} rows={capped.length}>
      <table>
        <thead>
          <tr>
            {whose ? <th scope="col">Customer</th> : null}
            <th scope="col">Workspace</th>
            <th scope="col" class="number">
              Days
            </th>
            <th scope="col">When</th>
            <th scope="col">The last time from</th>
          </tr>
        </thead>
        <tbody>
          {capped.map(({ customer, workspace, days, last }, at) => (
            <tr key={at}>
              {whose ? <td class="name">{customer}</td> : null}
              <th scope="row" class="name">
                {workspace}
              </th>
              <td class="number">{days.length}</td>
              <td>{daysText(days)}</td>
              <td class="same">{timeText(last)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
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
      {props.rows > 0 ? <Wide label={props.title}>{props.children}</Wide> : <p class="dim">{props.empty}</p>}
    </section>
  );
}
