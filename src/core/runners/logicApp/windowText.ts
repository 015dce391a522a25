import { kqlName } from '../../../model/kqlNames.ts';
import type { Column } from '../../../model/kqlType.ts';
import type { RollupTable } from '../../../model/rollup.ts';
import { kqlText } from '../../assess/look/kql.ts';

/** Bytes of rows that one call of the ingestion API is given; it takes 1,048,576, and the last row comes on top. */
const BATCH_BYTES = 600_000;

/** Names that the text gives to columns of its own: a column of the roll-up cannot have them. */
export const TEXT_COLUMNS: ReadonlySet<string> = new Set(['_Content', '_Before', '_Json', '_Size', '_Batch']);

/** Of a window that was never stored the first order, as `nextOrder` gives it without a fence. */
const FIRST_ORDER = 2 ** 33;

/** One workspace and whose it is, as its rows say it. */
export interface RunnerTarget {
  /** The workspace's ID (guid). */
  readonly guid: string;
  readonly customerKey: string;
  readonly customer: string;
  readonly tenant: string;
  readonly workspace: string;
}

/** What a centre is sent: KQL of each value by the name of its column, in rows and in the record of a window. */
export interface WireShape {
  /** KQL that makes of a column what its stream takes. */
  readonly value: (column: Column) => string;
  /** What a column is called in the stream. */
  readonly name: (column: Column) => string;
}

/** What the text is made of, beside the window and the target. */
export interface WindowTextParts {
  readonly table: RollupTable;
  /** As `standingQuery` gives it. */
  readonly query: string;
  /** Columns that tell rows apart; all where empty. */
  readonly key: readonly string[];
  readonly latenessMinutes: number;
  readonly maxRows: number;
  readonly wire: WireShape;
}

/** What is said of a target before the text: constants of KQL. */
export function targetLets(target: RunnerTarget): string {
  const lets = {
    _WorkspaceId: target.guid,
    _CustomerKey: target.customerKey,
    _Customer: target.customer,
    _Tenant: target.tenant,
    _Workspace: target.workspace,
  };
  return Object.entries(lets)
    .map(([name, text]) => `let ${name} = ${kqlText(text)};\n`)
    .join('');
}

/**
 * KQL that asks a workspace for a window and answers with what is to be sent, as it is to be sent: a row for each batch
 * (`Kind` is "rows", `Body` a JSON array), and one row "record" with the record of the window. It stands behind
 * `let _From`, `_To` (datetime) and `_Write` (string) and those of `targetLets`. Where the window has more rows than
 * allowed, or is not over by the workspace's own clock, `Kind` of the only row says so: "tooMany", "open".
 */
export function windowText({ table, query, key, latenessMinutes, maxRows, wire }: WindowTextParts): string {
  const named = table.columns.filter(({ name }) => key.includes(name));
  const told = (named.length > 0 ? named : table.columns).map(({ name }) => kqlName(name));
  const item = (column: Column, value: string): string => `${kqlText(wire.name(column))}, ${value}`;
  const text = (name: string): Column => ({ name, type: 'string' });
  const time = (name: string): Column => ({ name, type: 'datetime' });
  const id = kqlText(table.id);
  const row = [
    item(text('_Write'), '_Write'),
    item(text('_CustomerKey'), '_CustomerKey'),
    item(text('_Customer'), '_Customer'),
    item(text('_Tenant'), '_Tenant'),
    item(text('_Workspace'), '_Workspace'),
    item(text('_RollupId'), id),
    item(time('_WindowStart'), '_From'),
    item(time('_WindowEnd'), '_To'),
    item(text('_RowKey'), '_RowKey'),
    ...table.columns.map((column) => item(column, wire.value(column))),
  ];
  const record = [
    item(text('_RollupId'), id),
    item(text('_WorkspaceId'), '_WorkspaceId'),
    item(time('_WindowStart'), '_From'),
    item(time('_WindowEnd'), '_To'),
    item(text('_CustomerKey'), '_CustomerKey'),
    item(text('_Write'), '_Write'),
    item({ name: '_Order', type: 'long' }, `${FIRST_ORDER} + tolong(rand(512))`),
    item({ name: '_Rows', type: 'long' }, 'Rows'),
    item({ name: '_Bytes', type: 'long' }, 'Bytes'),
    item(text('_Checksum'), 'Checksum'),
  ];
  return `let _Asked = () {
${query}
};
let _Rows = materialize(_Asked()
| extend _Content = hash_sha256(strcat(${id}, "\\n", _WorkspaceId, "\\n", _From, "\\n", _To, "\\n", tostring(pack_array(${told.join(', ')}))))
| sort by _Content asc
| extend _Before = row_number(0, _Content != prev(_Content))
| extend _RowKey = substring(hash_sha256(strcat(_Content, "\\n", _Before)), 0, 32)
| project _RowKey, _Json = tostring(bag_pack(${row.join(', ')}))
| extend _Size = string_size(_Json) + 1);
let _Sums = _Rows
| summarize Rows = count(), Bytes = sum(_Size),
    High = sum(tolong(strcat("0x", substring(_RowKey, 0, 8)))), Low = sum(tolong(strcat("0x", substring(_RowKey, 8, 8))))
| extend Bytes = coalesce(Bytes, 0), High = coalesce(High, 0), Low = coalesce(Low, 0)
| extend Checksum = strcat(tohex((High + Low / 4294967296) % 4294967296, 8), tohex(Low % 4294967296, 8))
| extend Kind = case(now() < _To + ${latenessMinutes}m, "open", Rows > ${maxRows}, "tooMany", "record");
let _Kind = toscalar(_Sums | project Kind);
union
(_Sums | project Kind, Rows, Checksum, Body = strcat("[", tostring(bag_pack(${record.join(', ')})), "]")),
(_Rows
| where _Kind == "record"
| sort by _RowKey asc
| extend _Batch = row_cumsum(_Size) / ${BATCH_BYTES}
| summarize Rows = count(), Body = strcat("[", strcat_array(make_list(_Json), ","), "]") by _Batch
| project Kind = "rows", Rows, Checksum = "", Body)`;
}
