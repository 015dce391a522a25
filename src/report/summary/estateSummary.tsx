/** @jsxRuntime automatic @jsxImportSource preact */
import type { CustomerReport, Report } from '../../model/report.ts';
import { count } from '../words.ts';
import { DaysPicture, Spark } from './daysPicture.tsx';
import { estateTotals, topChanges } from './estateTotals.ts';
import type { LinkOf } from './linkOf.ts';
import { CapsTable, ChangeMark, ChangesTable, Figure, SilentTable, SummaryFoot, SummaryHead } from './summaryParts.tsx';
import { costText, expectedText, gapText, gbText, isKnown, missingText, noChangesText, told } from './summaryWords.ts';
import { Wide } from './wide.tsx';

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
      <dl class="figures">
        <Figure
          term="Volume"
          value={gbText(totals.gb)}
          note={totals.compared ? expectedText(totals.compared) : undefined}
        />
        <Figure term="Cost, at list price" value={costText(totals.cost)} note={`${gbText(totals.billedGb)} billed`} />
        <Figure
          term="Tables out of line"
          value={told(changes.length, all('volume') && totals.compared !== undefined)}
          note={`at ${count(customers.filter((one) => one.changes.length > 0).length, 'customer')}`}
          bad={changes.length > 0}
        />
        <Figure
          term="Silent sources"
          value={told(silent.length, all('machines') && all('volume'))}
          note={`at ${count(customers.filter((one) => one.silent.length > 0).length, 'customer')}`}
          bad={silent.length > 0}
        />
        <Figure
          term="Daily cap reached"
          value={told(hits.length, all('caps'))}
          note={`at ${count(customers.filter((one) => one.capHits.length > 0).length, 'customer')}`}
          bad={hits.length > 0}
        />
      </dl>
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
    <section>
      <h2>Customers</h2>
      <Wide label="Customers">
        <table class="volumes">
          <thead>
            <tr>
              <th scope="col">Customer</th>
              <th scope="col" class="number">
                Volume
              </th>
              <th scope="col" class="number">
                Cost
              </th>
              <th scope="col">Change</th>
              <th scope="col" class="number">
                Out of line
              </th>
              <th scope="col" class="number">
                Silent
              </th>
              <th scope="col" class="number">
                Cap
              </th>
              <th scope="col">Whole</th>
              <th scope="col">Days</th>
            </tr>
          </thead>
          <tbody>
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
                      <svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="track" width="100" height="4" />
                        <rect class="fill" width={(100 * one.gb) / most} height="4" />
                      </svg>
                    </td>
                    <td class="number">{costText(one.cost)}</td>
                    <td>
                      <ChangeMark compared={one.compared} odd={false} />
                    </td>
                    <td class="number">{told(one.changes.length, one.compared !== undefined)}</td>
                    <td class="number">
                      {told(one.silent.length, isKnown(one, 'machines') && isKnown(one, 'volume'))}
                    </td>
                    <td class="number">{told(one.capHits.length, isKnown(one, 'caps'))}</td>
                  </>
                )}
                <td>{one.unknown ? 'no' : one.gaps.length > 0 ? 'partly' : 'yes'}</td>
                <td class="trend">
                  {one.unknown ? null : <Spark values={one.days.map(({ gb }) => gb)} before={before} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

function byVolume(customers: readonly CustomerReport[]): readonly CustomerReport[] {
  return [...customers].sort((a, b) => Number(b.unknown) - Number(a.unknown) || b.gb - a.gb);
}
