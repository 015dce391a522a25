/** @jsxRuntime automatic @jsxImportSource preact */
import { ARCHITECTURES } from '../model/assessment/verdict.ts';
import type { ClaimHere } from '../model/assessment/verdict.ts';

/** The three architectures side by side for one customer, claim by claim, with what is so here. */
export function ComparisonTable({ claims }: { readonly claims: readonly ClaimHere[] }) {
  return (
    <table class="claims">
      <thead>
        <tr>
          <th scope="col">Claim</th>
          {ARCHITECTURES.map((one) => (
            <th key={one} scope="col" class="v">
              {one}
            </th>
          ))}
          <th scope="col">Here</th>
        </tr>
      </thead>
      <tbody>
        {claims.map(({ id, architecture, sign, claim, in2019, today, changed, holds, here, source }) => (
          <tr key={id}>
            <th scope="row">
              <span class="sign" title={`${sign === '+' ? 'For' : 'Against'} ${architecture}`}>
                {sign === '+' ? '+' : '−'}
              </span>{' '}
              {claim}
              {changed && (
                <p class="then dim">
                  <b>2019:</b> {in2019}
                  <br />
                  <b>Today:</b> {today}
                </p>
              )}
              <details class="then">
                <summary class="dim">{changed ? 'Source' : '2019, today and source'}</summary>
                {!changed && (
                  <>
                    <p>
                      <b>2019:</b> {in2019}
                    </p>
                    <p>
                      <b>Today:</b> {today}
                    </p>
                  </>
                )}
                <p class="dim">{source}</p>
              </details>
            </th>
            {ARCHITECTURES.map((one) => (
              <td key={one} class={`v ${holds[one]}`}>
                {holds[one]}
              </td>
            ))}
            <td>
              <b>{here.state}</b>
              <br />
              <span class={here.state === 'unknown' ? 'dim' : undefined}>{here.text}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
