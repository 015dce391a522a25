/** @jsxRuntime automatic @jsxImportSource preact */
import type { CustomerAssessment } from '../model/assessment/assessment.ts';
import { SEVERITIES } from '../model/assessment/findings.ts';
import { ARCHITECTURES } from '../model/assessment/verdict.ts';
import type { ReportActions } from './actions.ts';
import type { EstateFilter } from './estateFilter.ts';
import { worstOf } from './estateFilter.ts';
import { count } from './words.ts';

const COLUMNS = [...SEVERITIES, 'none'] as const;

/** Customers by what fits and by their worst finding; a number filters the table. */
export function FitMatrix(props: {
  readonly customers: readonly CustomerAssessment[];
  readonly filter: EstateFilter;
  readonly actions?: ReportActions | undefined;
}) {
  const { customers, filter, actions } = props;
  const unknown = customers.some(({ fit }) => fit.best === undefined);
  const rows = [...ARCHITECTURES, ...(unknown ? (['unknown'] as const) : [])];
  return (
    <table class="matrix">
      <caption class="dim">Customers by what fits and their worst finding</caption>
      <thead>
        <tr>
          <td />
          {COLUMNS.map((one) => (
            <th key={one} scope="col">
              <i class={`dot ${one}`} aria-hidden="true" />
              {one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((fits) => (
          <tr key={fits}>
            <th scope="row">
              <i class={`swatch ${fits}`} aria-hidden="true" />
              {fits}
            </th>
            {COLUMNS.map((worst) => {
              const number = customers.filter(
                (one) => (one.fit.best ?? 'unknown') === fits && worstOf(one) === worst,
              ).length;
              const on = filter.fits === fits && filter.worst === worst;
              return (
                <td key={worst} class={on ? 'on' : undefined}>
                  {number === 0 ? (
                    <span class="dim" aria-hidden="true">
                      ·
                    </span>
                  ) : actions ? (
                    <button
                      type="button"
                      aria-pressed={on}
                      aria-label={`${count(number, 'customer')}: ${fits}, worst finding ${worst}`}
                      onClick={() => {
                        actions.filter(on ? {} : { fits, worst });
                      }}
                    >
                      {number}
                    </button>
                  ) : (
                    number
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
