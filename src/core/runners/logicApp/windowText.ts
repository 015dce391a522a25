import { kqlName } from '../../../model/kqlNames.ts';
import type { Column } from '../../../model/kqlType.ts';
import { storedNames } from '../../../model/logAnalyticsCentre.ts';
import { ROLLUP_COLUMNS } from '../../../model/rollup.ts';
import type { RollupTable } from '../../../model/rollup.ts';
import { RECORD_COLUMNS, WRITE_COLUMNS } from '../../../ports/appendTarget.ts';
import { kqlText } from '../../assess/look/kql.ts';
import { nextOrder } from '../../rollup/appendOnly/windowOrder.ts';

/** Bytes of rows that one call of the ingestion API is given; it takes 1,048,576, and the last row comes on top. */
const BATCH_BYTES = 600_000;

/** Names that the text gives to columns of its own: a column of the roll-up cannot have them. */
export const TEXT_COLUMNS: ReadonlySet<string> = new Set(['_Content', '_Before', '_Json', '_Size', '_Batch']);

/** The order of a window that was never stored, by who has no lease of it. */
const FIRST_ORDER = nextOrder(0, 0, 0);

/** One workspace and whose it is, as its rows say it. */
export interface RunnerTarget {
  /** The workspace's ID (guid). */
  readonly guid: string;
  readonly customerKey: string;
  readonly customer: string;
  readonly tenant: string;
  readonly workspace: string;
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
export function windowText({ table, query, key, latenessMinutes, maxRows }: WindowTextParts): string {
  const named = table.columns.filter(({ name }) => key.includes(name));
  const told = (named.length > 0 ? named : table.columns).map(({ name }) => kqlName(name));
  const id = kqlText(table.id);
  const given: Readonly<Record<string, string>> = {
    _RollupId: id,
    _WindowStart: 'tostring(_From)',
    _WindowEnd: 'tostring(_To)',
    // Behind a window that was never stored; what tells equal ones apart is chance, as `nextOrder` has it.
    _Order: `tostring(${FIRST_ORDER} + tolong(rand(512)))`,
    _Rows: 'tostring(Rows)',
    _Bytes: 'tostring(Bytes)',
    _Checksum: 'Checksum',
  };
  const before = [...WRITE_COLUMNS, ...ROLLUP_COLUMNS].map(({ name }) => given[name] ?? name);
  const row = bagOf(
    [...WRITE_COLUMNS, ...ROLLUP_COLUMNS, ...table.columns],
    [...before, ...table.columns.map(storedText)],
  );
  const record = bagOf(
    RECORD_COLUMNS,
    RECORD_COLUMNS.map(({ name }) => given[name] ?? name),
  );
  return `let _Asked = () {
${query}
};
let _Keyed = materialize(_Asked()
| extend _Content = hash_sha256(strcat(${id}, "\\n", _WorkspaceId, "\\n", _From, "\\n", _To, "\\n", tostring(pack_array(${told.join(', ')}))))
| sort by _Content asc
| extend _Before = row_number(0, _Content != prev(_Content))
| extend _RowKey = substring(hash_sha256(strcat(_Content, "\\n", _Before)), 0, 32)
| project _RowKey, _Json = tostring(${row})
| extend _Size = string_size(_Json) + 1);
let _Sums = _Keyed
| summarize Rows = count(), Bytes = sum(_Size),
    High = sum(tolong(strcat("0x", substring(_RowKey, 0, 8)))), Low = sum(tolong(strcat("0x", substring(_RowKey, 8, 8))))
| extend Bytes = coalesce(Bytes, 0), High = coalesce(High, 0), Low = coalesce(Low, 0)
| extend Checksum = strcat(tohex((High + Low / 4294967296) % 4294967296, 8), tohex(Low % 4294967296, 8))
| extend Kind = case(now() < _To + ${latenessMinutes}m, "open", Rows > ${maxRows}, "tooMany", "record");
let _Kind = toscalar(_Sums | project Kind);
union
(_Sums | project Kind, Rows, Checksum, Body = strcat("[", tostring(${record}), "]")),
(_Keyed
| where _Kind == "record"
| sort by _RowKey asc
| extend _Batch = row_cumsum(_Size) / ${BATCH_BYTES}
| summarize Rows = count(), Body = strcat("[", strcat_array(make_list(_Json), ","), "]") by _Batch
| project Kind = "rows", Rows, Checksum = "", Body)`;
}

/** A bag of texts under the names that a centre in Log Analytics stores columns by. */
function bagOf(columns: readonly Column[], texts: readonly string[]): string {
  const names = storedNames(columns);
  return `bag_pack(${texts.map((text, at) => `${kqlText(names[at]!)}, ${text}`).join(', ')})`;
}

/** KQL that makes of a column the text that it is stored as; what `storedRows` makes of that is the column's value. */
function storedText({ name, type }: Column): string {
  const value = kqlName(name);
  switch (type) {
    case 'string':
      return value;
    case 'real':
      return `case(isnan(${value}), "NaN", isinf(${value}), iff(${value} > 0, "Infinity", "-Infinity"), tostring(${value}))`;
    default:
      return `tostring(${value})`;
  }
}
