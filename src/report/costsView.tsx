/** @jsxRuntime automatic @jsxImportSource preact */
import type { FactCost } from '../model/assessment/assessment.ts';
import { count, spanText } from './words.ts';

const KIND: Readonly<Record<FactCost['kind'], string>> = {
  query: 'query API',
  arm: 'Resource Manager',
  graph: 'Resource Graph',
  estate: 'discovery',
};

/** What measuring took: for each fact how often it is known, by how many calls, and how long they took together. */
export function CostsView({ costs }: { readonly costs: readonly FactCost[] }) {
  if (costs.length === 0) return null;
  const calls = costs.reduce((sum, one) => sum + one.calls, 0);
  return (
    <details class="costs">
      <summary>{count(calls, 'call')} were made, all of them reading; none is charged</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Fact</th>
            <th scope="col">Asked of</th>
            <th scope="col" class="number">
              Known
            </th>
            <th scope="col" class="number">
              Unknown
            </th>
            <th scope="col" class="number">
              Calls
            </th>
            <th scope="col" class="number">
              Time of all calls
            </th>
          </tr>
        </thead>
        <tbody>
          {costs.map((one) => (
            <tr key={one.fact}>
              <th scope="row">{one.fact}</th>
              <td>{KIND[one.kind]}</td>
              <td class="number">{one.known}</td>
              <td class="number">{one.unknown}</td>
              <td class="number">{one.calls}</td>
              <td class="number">{spanText(one.ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
