/** @jsxRuntime automatic @jsxImportSource preact */
import type { CustomerReport, Report } from '../../model/report.ts';
import { count } from '../words.ts';
import { DaysPicture, Spark } from './daysPicture.tsx';
import { estateTotals, topChanges } from './estateTotals.ts';
import { Figures } from './figures.tsx';
import type { LinkOf } from './linkOf.ts';
import { CapsTable, ChangeMark, ChangesTable, SilentTable, SummaryFoot, SummaryHead } from './summaryParts.tsx';
import { costText, gapText, gbText, isKnown, missingText, noChangesText, told } from './summaryWords.ts';
import { Share, VolumesTable } from './volumesTable.tsx';

/** Rows of the lists over everybody; the customers' own files have all of theirs. */
const MOST = 20;

/** The report of the estate, for the provider: who is missing, the sums, everybody, and what stands out. */
export function EstateSummary({ report, linkOf }: { readonly report: Report; readonly linkOf: LinkOf }) {
  const { customers } = report;
  const totals = estateTotals(report);
  const changes = topChanges(customers);
  const missing = missingText(customers);
  const lacking = customers.filter(({ gaps }) => gaps.length > 0);
  const silent = customers.flatMap(({ name: customer, silent }) => silent.map((one) => ({ customer, ...one })));
  const hits = customers.flatMap(({ name: customer, capHits }) => capHits.map((one) => ({ customer, ...one })));
  const all = (part: 'volume' | 'machines' | 'caps'): boolean => customers.every((one) => isKnown(one, part));
  const at = (list: (one: CustomerReport) => readonly unknown[]): string =>
    `at ${count(customers.filter((one) => list(one).length > 0).length, 'customer')}`;
  return (
    <article class="report summary">
      <SummaryHead name="All customers" report={report} />
      {missing === undefined ? (
        <p class="fine">Whole: all {count(customers.length, 'customer')} answered everything that was asked.</p>
      ) : (
        <div class="warn">
          <strong>{missing}</strong>
          <ul>
            {lacking.map(({ key, name, gaps }) => (
              <li key={key}>
                {name}: {gaps.map((gap) => gapText(gap, name)).join('; ')}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Figures
        sums={totals}
        outOfLine={{
          count: changes.length,
          known: all('volume') && totals.compared !== undefined,
          note: at((one) => one.changes),
        }}
        silent={{
          count: silent.length,
          known: all('machines') && all('volume'),
          note: at((one) => one.silent),
        }}
        capHits={{ count: hits.length, known: all('caps'), note: at((one) => one.capHits) }}
      />
      <h2>Volume by day</h2>
      <DaysPicture report={report} days={totals.days} />
      <ChangesTable changes={changes.slice(0, MOST)} report={report} empty={noChangesText(customers)} />
      <More of={changes.length} />
      <SilentTable silent={silent.slice(0, MOST)} known={all('machines') && all('volume')} />
      <More of={silent.length} />
      <CapsTable hits={hits.slice(0, MOST)} known={all('caps')} />
      <More of={hits.length} />
      <Customers report={report} linkOf={linkOf} />
      <SummaryFoot report={report} />
    </article>
  );
}

function More({ of }: { readonly of: number }) {
  return of > MOST ? <p class="dim">And {of - MOST} more, in the files of the customers.</p> : null;
}

function Customers({ report, linkOf }: { readonly report: Report; readonly linkOf: LinkOf }) {
  const before = report.baselineDays.length;
  const most = Math.max(...report.customers.map(({ gb }) => gb), 1e-9);
  return (
    <VolumesTable
      title="Customers"
      columns={[
        'Customer',
        ...[{ number: 'Volume' }, { number: 'Cost' }],
        'Change',
        ...[{ number: 'Out of line' }, { number: 'Silent' }, { number: 'Cap' }],
        ...['Whole', 'Days'],
      ]}
    >
      {byVolume(report.customers).map((one) => (
        <tr key={one.key}>
          <th scope="row" class="name">
            <a href={linkOf(one.key)}>{one.name}</a>
          </th>
          {one.unknown ? (
            <td colSpan={6} class="dim">
              nothing is known
            </td>
          ) : (
            <>
              <td class="number">
                {gbText(one.gb)}
                <Share percent={(100 * one.gb) / most} />
              </td>
              <td class="number">{costText(one.cost)}</td>
              <td>
                <ChangeMark compared={one.compared} odd={false} />
              </td>
              <td class="number">{told(one.changes.length, one.compared !== undefined)}</td>
              <td class="number">{told(one.silent.length, isKnown(one, 'machines') && isKnown(one, 'volume'))}</td>
              <td class="number">{told(one.capHits.length, isKnown(one, 'caps'))}</td>
            </>
          )}
          <td>{one.unknown ? 'no' : one.gaps.length > 0 ? 'partly' : 'yes'}</td>
          <td class="trend">{one.unknown ? null : <Spark values={one.days.map(({ gb }) => gb)} before={before} />}</td>
        </tr>
      ))}
    </VolumesTable>
  );
}

function byVolume(customers: readonly CustomerReport[]): readonly CustomerReport[] {
  return [...customers].sort((a, b) => Number(b.unknown) - Number(a.unknown) || b.gb - a.gb);
}
