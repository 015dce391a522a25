/** @jsxRuntime automatic @jsxImportSource preact */
import type { ReaderRow } from '../model/assessment/assessment.ts';

/** Who can read what, the customer's own people apart from the provider's. */
export function ReadersTable({ readers }: { readonly readers: readonly ReaderRow[] }) {
  if (readers.length === 0) return <p class="dim">Nobody is known who can read its logs.</p>;
  const sides = (['customer', 'provider', 'unknown'] as const).filter((side) =>
    readers.some((one) => one.side === side),
  );
  return (
    <table class="readers">
      <thead>
        <tr>
          <th scope="col">Who</th>
          <th scope="col">Workspace</th>
          <th scope="col">By</th>
          <th scope="col">Limit</th>
        </tr>
      </thead>
      {sides.map((side) => (
        <tbody key={side}>
          <tr>
            <th colSpan={4} scope="rowgroup">
              {SIDES[side]}
            </th>
          </tr>
          {readers
            .filter((one) => one.side === side)
            .map(({ workspace, who, kind, by, role, limit }, index) => (
              <tr key={index}>
                <td>
                  {who} <span class="dim">{kind}</span>
                </td>
                <td>{workspace}</td>
                <td>
                  {role} <span class="dim">{BY[by]}</span>
                </td>
                <td class="dim">{limit}</td>
              </tr>
            ))}
        </tbody>
      ))}
    </table>
  );
}

const SIDES = {
  customer: "The customer's own",
  provider: "The provider's",
  unknown: 'Whose they are is not known',
} as const;
const BY = { role: 'role', delegation: 'delegated', sharedKey: 'shared key', dataActions: 'data role' } as const;
