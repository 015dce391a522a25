import type { AppErrorData } from '../../base/errors.ts';
import type { Column } from '../../model/kqlType.ts';
import type { RenderSpec } from '../../model/render.ts';
import type { LogsAnswer } from '../../ports/logs.ts';

/** The columns that say whose row it is; an answer's own column of such a name is renamed. */
export const ATTRIBUTION_COLUMNS = ['_Customer', '_Tenant', '_Workspace'] as const;

/**
 * An answer's columns under names of their own: the second `X` is `X1`, as Kusto itself numbers them, and the names
 * of the attribution columns are taken. Case counts.
 */
export function uniqueColumns(columns: readonly Column[]): Column[] {
  const original = new Set(columns.map((column) => column.name));
  const taken = new Set<string>(ATTRIBUTION_COLUMNS);
  return columns.map((column) => {
    let name = column.name;
    for (let n = 1; taken.has(name); n++) {
      const next = `${column.name}${n}`;
      if (!original.has(next)) name = next;
    }
    taken.add(name);
    return name === column.name ? column : { ...column, name };
  });
}

/**
 * The table to show, and what the answer lacks: the service's own partial error, or further tables that are not shown.
 */
export function readAnswer(answer: LogsAnswer): {
  readonly table: LogsAnswer['tables'][number] | undefined;
  readonly partial?: AppErrorData;
} {
  const table = answer.tables.find((entry) => entry.name === 'PrimaryResult') ?? answer.tables[0];
  const others = answer.tables.length - 1;
  const partial =
    answer.partial ??
    (others > 0
      ? {
          code: 'query.severalTables' as const,
          message: `The answer has ${others + 1} tables; only the first is shown. Run its parts one by one to see the others.`,
          retryable: false,
        }
      : undefined);
  return { table, ...(partial ? { partial } : {}) };
}

/**
 * The rendering all answers ask for: the fields on which those that ask agree. None where they ask for different
 * charts.
 */
export function uniteRender(specs: readonly RenderSpec[]): RenderSpec | undefined {
  const [first, ...rest] = specs;
  if (!first || rest.some((spec) => spec.visualization !== first.visualization)) return undefined;
  const agreed = Object.entries(first).filter(([key, value]) =>
    rest.every((spec) => JSON.stringify(spec[key as keyof RenderSpec]) === JSON.stringify(value)),
  );
  return { ...Object.fromEntries(agreed), visualization: first.visualization };
}
