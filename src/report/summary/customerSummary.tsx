/** @jsxRuntime automatic @jsxImportSource preact */
import type { CustomerReport, Report } from '../../model/report.ts';
import { count } from '../words.ts';
import { DaysPicture, Spark } from './daysPicture.tsx';
import { Figures } from './figures.tsx';
import { CapsTable, ChangeMark, ChangesTable, SilentTable, SummaryFoot, SummaryHead } from './summaryParts.tsx';
import { costText, customerSentence, gapText, gbText, isKnown, noChangesText } from './summaryWords.ts';
import { Share, VolumesTable } from './volumesTable.tsx';

/** One customer's report: what is missing, the numbers, the picture, and what stands out. */
export function CustomerSummary({ report, customer }: { readonly report: Report; readonly customer: CustomerReport }) {
  const { name, gaps, unknown, compared, changes, silent, capHits, days, tables } = customer;
  const silentKnown = isKnown(customer, 'machines') && isKnown(customer, 'volume');
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
          <Figures
            sums={customer}
            outOfLine={{ count: changes.length, known: compared !== undefined }}
            silent={{ count: silent.length, known: silentKnown }}
            capHits={{ count: capHits.length, known: isKnown(customer, 'caps') }}
          />
          <h2>Volume by day</h2>
          <DaysPicture
            report={report}
            days={days}
            expectedGb={tables.every((one) => one.compared) ? compared?.expectedGb : undefined}
          />
          <ChangesTable changes={changes} report={report} empty={noChangesText([customer])} />
          <SilentTable silent={silent} known={silentKnown} />
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
    <VolumesTable
      title="Volume and cost by table"
      columns={['Table', 'Share', { number: 'Volume' }, { number: 'Billed' }, { number: 'Cost' }, 'Change', 'Days']}
      empty={tables.length === 0 ? 'Nothing came in.' : undefined}
    >
      {tables.map((one) => (
        <tr key={one.table}>
          <th scope="row" class="name">
            {one.table}
          </th>
          <td>
            {gb > 0 ? `${Math.round((100 * one.gb) / gb)} %` : ''}
            <Share percent={gb > 0 ? (100 * one.gb) / gb : 0} />
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
    </VolumesTable>
  );
}
