/** @jsxRuntime automatic @jsxImportSource preact */
import type { CustomerReport, Report } from '../../model/report.ts';
import { count } from '../words.ts';
import { DaysPicture, Spark } from './daysPicture.tsx';
import { CapsTable, ChangeMark, ChangesTable, Figure, SilentTable, SummaryFoot, SummaryHead } from './summaryParts.tsx';
import {
  costText,
  customerSentence,
  expectedText,
  gapText,
  gbText,
  isKnown,
  noChangesText,
  told,
} from './summaryWords.ts';
import { Wide } from './wide.tsx';

/** One customer's report: what is missing, the numbers, the picture, and what stands out. */
export function CustomerSummary({ report, customer }: { readonly report: Report; readonly customer: CustomerReport }) {
  const { name, gaps, unknown, gb, billedGb, cost, compared, changes, silent, capHits, days, tables } = customer;
  return (
    <article class="report customer summary">
      <SummaryHead name={name} report={report} />
      {gaps.length > 0 ? (
        <div class="warn">
          <strong>This report is not whole.</strong>
          <ul>
            {gaps.map((gap, at) => (
              <li key={at}>{gapText(gap)}</li>
            ))}
          </ul>
        </div>
      ) : (
        <p class="fine">Whole: {count(customer.workspaces, 'workspace')} answered everything that was asked.</p>
      )}
      <p class="sentence">{customerSentence(customer)}</p>
      {unknown ? null : (
        <>
          <dl class="figures">
            <Figure term="Volume" value={gbText(gb)} note={compared ? expectedText(compared) : undefined} />
            <Figure term="Cost, at list price" value={costText(cost)} note={`${gbText(billedGb)} billed`} />
            <Figure
              term="Tables out of line"
              value={told(changes.length, compared !== undefined)}
              bad={changes.length > 0}
            />
            <Figure
              term="Silent sources"
              value={told(silent.length, isKnown(customer, 'machines') && isKnown(customer, 'volume'))}
              bad={silent.length > 0}
            />
            <Figure
              term="Daily cap reached"
              value={told(capHits.length, isKnown(customer, 'caps'))}
              bad={capHits.length > 0}
            />
          </dl>
          <h2>Volume by day</h2>
          <DaysPicture
            report={report}
            days={days}
            expectedGb={tables.every((one) => one.compared) ? compared?.expectedGb : undefined}
          />
          <ChangesTable changes={changes} report={report} empty={noChangesText([customer])} />
          <SilentTable silent={silent} known={isKnown(customer, 'machines') && isKnown(customer, 'volume')} />
          <CapsTable hits={capHits} known={isKnown(customer, 'caps')} />
          <Volumes report={report} customer={customer} />
        </>
      )}
      <SummaryFoot report={report} />
    </article>
  );
}

/** Volume and cost of each table, with its days as a small picture. */
function Volumes({
  report,
  customer: { tables, gb, changes },
}: {
  readonly report: Report;
  readonly customer: CustomerReport;
}) {
  const odd = new Set(changes.map(({ table }) => table));
  const before = report.baselineDays.length;
  return (
    <section>
      <h2>Volume and cost by table</h2>
      {tables.length === 0 ? <p class="dim">Nothing came in.</p> : null}
      <Wide label="Volume and cost by table">
        <table class="volumes" hidden={tables.length === 0}>
          <thead>
            <tr>
              <th scope="col">Table</th>
              <th scope="col">Share</th>
              <th scope="col" class="number">
                Volume
              </th>
              <th scope="col" class="number">
                Billed
              </th>
              <th scope="col" class="number">
                Cost
              </th>
              <th scope="col">Change</th>
              <th scope="col">Days</th>
            </tr>
          </thead>
          <tbody>
            {tables.map((one) => (
              <tr key={one.table}>
                <th scope="row" class="name">
                  {one.table}
                </th>
                <td>
                  {gb > 0 ? `${Math.round((100 * one.gb) / gb)} %` : ''}
                  <svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="track" width="100" height="4" />
                    <rect class="fill" width={gb > 0 ? (100 * one.gb) / gb : 0} height="4" />
                  </svg>
                </td>
                <td class="number">{gbText(one.gb)}</td>
                <td class="number">
                  {one.billedGb > 0 ? gbText(one.billedGb) : one.gb > 0 ? <span class="dim">free</span> : ''}
                </td>
                <td class="number">{one.cost > 0 ? costText(one.cost) : ''}</td>
                <td>
                  <ChangeMark compared={one.compared} odd={odd.has(one.table)} />
                </td>
                <td class="trend">
                  <Spark values={one.series} before={before} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
