import type { QueryResult } from '../../engine/face.ts';
import type { Cell, Column } from '../../model/kqlType.ts';

/** The service's own limit of one answer, unless a query lifts it (DX kusto/concepts/result-truncation.md). */
export const MOST_ROWS = 500_000;

const DATA_TYPES: Readonly<Record<Column['type'], string>> = {
  bool: 'SByte',
  int: 'Int32',
  long: 'Int64',
  real: 'Double',
  decimal: 'SqlDecimal',
  string: 'String',
  datetime: 'DateTime',
  timespan: 'TimeSpan',
  guid: 'Guid',
  dynamic: 'Object',
};

/** The answer of a command in version 1: one table. Cells are texts, numbers, booleans or null. */
export function commandAnswer(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const head = columns.map(({ name, type }) => ({ ColumnName: name, DataType: DATA_TYPES[type], ColumnType: type }));
  return `{"Tables":[{"TableName":"Table_0","Columns":${JSON.stringify(head)},"Rows":[${rows.map(rowText).join(',')}]}]}`;
}

/** The answer of a query in version 2, frame by frame (DX kusto/api/rest/response-v2.md); a cut one has errors. */
export async function queryFrames(tables: readonly QueryResult[], requestId: string): Promise<string> {
  let text = '[{"FrameType":"DataSetHeader","IsProgressive":false,"Version":"v2.0"}';
  let cut = false;
  for (const [at, table] of tables.entries()) {
    const columns = table.columns.map(({ name, type }) => ({ ColumnName: name, ColumnType: type }));
    const rows = (await table.rows()).map(rowText);
    if (table.truncated) rows.push(JSON.stringify({ OneApiErrors: [tooLarge()] }));
    cut ||= table.truncated;
    text += `,{"FrameType":"DataTable","TableId":${at + 1},"TableKind":"PrimaryResult","TableName":"PrimaryResult","Columns":${JSON.stringify(columns)},"Rows":[${rows.join(',')}]}`;
  }
  const told = ['ClientRequestId', 'ActivityId', 'Level', 'LevelName', 'StatusCodeName', 'EventTypeName', 'Payload'];
  const types = ['string', 'guid', 'int', 'string', 'string', 'string', 'string'];
  const completion = {
    FrameType: 'DataTable',
    TableId: tables.length + 1,
    TableKind: 'QueryCompletionInformation',
    TableName: 'QueryCompletionInformation',
    Columns: told.map((ColumnName, i) => ({ ColumnName, ColumnType: types[i] })),
    Rows: [[requestId, requestId, 4, 'Info', 'S_OK (0)', 'QueryInfo', '{}']],
  };
  const end = {
    FrameType: 'DataSetCompletion',
    HasErrors: cut,
    Cancelled: false,
    ...(cut ? { OneApiErrors: [tooLarge()] } : {}),
  };
  return `${text},${JSON.stringify(completion)},${JSON.stringify(end)}]`;
}

/** A long beyond 2^53 is a bigint here and a plain number there. */
function rowText(row: readonly Cell[]): string {
  return `[${row.map((cell) => (typeof cell === 'bigint' ? String(cell) : JSON.stringify(cell))).join(',')}]`;
}

function tooLarge(): object {
  return {
    error: {
      code: 'LimitsExceeded',
      message: 'Request is invalid and cannot be executed.',
      '@type': 'Kusto.Data.Exceptions.KustoServicePartialQueryFailureLimitsExceededException',
      '@message': `Query execution has exceeded the allowed limits (80DA0003): The results of this query exceed the set limit of ${MOST_ROWS} records (E_QUERY_RESULT_SET_TOO_LARGE).`,
      '@permanent': false,
    },
  };
}
