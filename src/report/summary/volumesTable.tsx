/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren } from '../draw.ts';
import { Wide } from './wide.tsx';

/** The title of a column; `number` stands at the right. */
export type VolumesColumn = string | { readonly number: string };

/** A section with volumes in rows, which are its children, or `empty` in their place. */
export function VolumesTable({
  title,
  columns,
  empty,
  children,
}: {
  readonly title: string;
  readonly columns: readonly VolumesColumn[];
  /** Said where there is no row. */
  readonly empty?: string | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <section>
      <h2>{title}</h2>
      {empty === undefined ? null : <p class="dim">{empty}</p>}
      <Wide label={title}>
        <table class="volumes" hidden={empty !== undefined}>
          <thead>
            <tr>
              {columns.map((one) =>
                typeof one === 'string' ? (
                  <th key={one} scope="col">
                    {one}
                  </th>
                ) : (
                  <th key={one.number} scope="col" class="number">
                    {one.number}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </Wide>
    </section>
  );
}

/** A part of a whole as a bar, in percent; the number stands beside it. */
export function Share({ percent }: { readonly percent: number }) {
  return (
    <svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="4" />
      <rect class="fill" width={percent} height="4" />
    </svg>
  );
}
