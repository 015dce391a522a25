/** A table as DAX names it: `'It''s'`. */
export function daxTable(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}

/** A column of a table as DAX names it: `'Table'[a]]b]`. */
export function daxColumn(table: string, column: string): string {
  return `${daxTable(table)}[${column.replaceAll(']', ']]')}]`;
}

/** A text as a literal of DAX; a line end is made by its number, so that an expression stays on its line. */
export function daxText(text: string): string {
  const pieces = text.split(/([\u0000-\u001f\u007f-\u009f\u2028\u2029])/).flatMap((piece, i) => {
    if (i % 2 === 1) return [`UNICHAR(${piece.charCodeAt(0)})`];
    return piece === '' ? [] : [`"${piece.replaceAll('"', '""')}"`];
  });
  return pieces.length === 0 ? '""' : pieces.join(' & ');
}
