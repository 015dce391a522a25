import { BadAnswer } from '../errors/badAnswer.ts';

/**
 * Looks whether the tables of an answer are that: lists of rows, each a list of cells. Throws `service.malformed` where
 * not, also where there is none at all though the answer says of no error; `service.brokeOff` where a row is the error
 * that ended it (`{"OneApiErrors": [...]}`, as Kusto writes what went wrong after the first rows were sent).
 */
export function checkTables(tables: unknown, hasError: boolean): void {
  if (!Array.isArray(tables)) throw malformed('its tables are no list');
  if (tables.length === 0 && !hasError) throw malformed('it has no table, not even an empty one');
  for (const table of tables as readonly unknown[]) {
    if (!isObject(table)) throw malformed('one of its tables is none');
    const { columns, rows } = table;
    if (
      columns !== undefined &&
      !(Array.isArray(columns) && columns.every((one) => isObject(one) && typeof one['name'] === 'string'))
    )
      throw malformed('its columns have no names');
    if (rows !== undefined) checkRows(rows);
  }
}

/** The same of the rows of one table, or of a part of them. */
export function checkRows(rows: unknown): void {
  if (!Array.isArray(rows)) throw malformed('its rows are no list');
  for (const row of rows as readonly unknown[]) {
    if (Array.isArray(row)) continue;
    if (isObject(row) && Array.isArray(row['OneApiErrors'])) throw brokeOff(row['OneApiErrors'][0]);
    throw malformed('one of its rows is no list of cells');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function malformed(what: string): BadAnswer {
  return new BadAnswer(
    'service.malformed',
    `is none of the query API: ${what}. Nothing of it is used; try again, and tell the service's support if it comes again.`,
  );
}

/** The first of the errors, in the service's own words. */
function brokeOff(entry: unknown): BadAnswer {
  const error = isObject(entry) && isObject(entry['error']) ? entry['error'] : {};
  const text = (name: string): string | undefined => {
    const value = error[name];
    return typeof value === 'string' && value !== '' ? value.slice(0, 500) : undefined;
  };
  const said = text('@message') ?? text('message') ?? 'it gives no reason';
  const code = text('code');
  return new BadAnswer(
    'service.brokeOff',
    `ends in an error behind its first rows: ${said.replace(/\.*$/, '')}. Nothing of it is used; narrow the question and try again.`,
    code === undefined ? {} : { serviceCode: code },
  );
}
