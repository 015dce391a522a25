/** A column of a stream, as the rule declares it. */
export interface StreamColumn {
  readonly name: string;
  readonly type: string;
}

/** What a column is made of: a column, the time it comes, or the same text always. */
type Source = { readonly column: string } | { readonly now: true } | { readonly text: string };

interface Step {
  readonly kind: 'extend' | 'project';
  readonly columns: readonly { readonly name: string; readonly source: Source }[];
}

/** A transformation of a stream, row by row. */
export type Transform = readonly Step[];

/** A transformation that the emulator does not run, or that names what is not there. */
export class TransformError extends Error {}

/**
 * Reads `source`, `source | extend A = now(), B = C` and `source | project A, B = "text"`: what rules of this product
 * have. Throws a TransformError that names anything else.
 */
export function parseTransform(text: string): Transform {
  const [first, ...operators] = text.split('|').map((part) => part.trim());
  if (first !== 'source') throw new TransformError(`A transformation begins with 'source', not with '${first}'.`);
  return operators.map((operator): Step => {
    const [, kind, list] = /^(extend|project)\s+(.+)$/s.exec(operator) ?? [];
    if (kind === undefined || list === undefined)
      throw new TransformError(`The emulator runs extend and project in a transformation, not '${operator}'.`);
    const columns = list.split(',').map((item) => {
      const [, name = '', value] = /^\s*([A-Za-z_]\w*)\s*(?:=\s*(.+?))?\s*$/s.exec(item) ?? [];
      if (name === '' || (value === undefined && kind === 'extend'))
        throw new TransformError(`The emulator does not read '${item.trim()}' of a transformation.`);
      return { name, source: parseSource(value ?? name) };
    });
    return { kind: kind as Step['kind'], columns };
  });
}

function parseSource(text: string): Source {
  if (/^now\(\s*\)$/.test(text)) return { now: true };
  if (/^[A-Za-z_]\w*$/.test(text)) return { column: text };
  const [, quoted] = /^"([^"\\]*)"$/.exec(text) ?? [];
  if (quoted !== undefined) return { text: quoted };
  throw new TransformError(`The emulator runs columns, now() and texts in a transformation, not '${text}'.`);
}

/** The columns that come out of it. Throws a TransformError for a column that is not there. */
export function transformedColumns(transform: Transform, columns: readonly StreamColumn[]): readonly StreamColumn[] {
  let there = columns;
  for (const { kind, columns: made } of transform) {
    const typed = made.map(({ name, source }) => ({ name, type: typeOf(source, there) }));
    const names = new Set(typed.map(({ name }) => name));
    there = kind === 'project' ? typed : [...there.filter(({ name }) => !names.has(name)), ...typed];
  }
  return there;
}

function typeOf(source: Source, there: readonly StreamColumn[]): string {
  if ('now' in source) return 'datetime';
  if ('text' in source) return 'string';
  const column = there.find(({ name }) => name === source.column);
  if (!column) throw new TransformError(`The name '${source.column}' does not refer to any known column.`);
  return column.type;
}

/** One row after it; `now` as ISO text. */
export function transformRow(
  transform: Transform,
  row: Readonly<Record<string, unknown>>,
  now: string,
): Readonly<Record<string, unknown>> {
  let there = row;
  for (const { kind, columns } of transform) {
    const before = there;
    const made = Object.fromEntries(
      columns.map(({ name, source }): [string, unknown] => [
        name,
        'now' in source ? now : 'text' in source ? source.text : before[source.column],
      ]),
    );
    there = kind === 'project' ? made : { ...there, ...made };
  }
  return there;
}
