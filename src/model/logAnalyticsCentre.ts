import { fingerprint } from '../base/fingerprint.ts';
import { kqlName } from './kqlNames.ts';
import type { Cell, Column, KqlType } from './kqlType.ts';

/**
 * How a roll-up lies in a Log Analytics workspace. Tables of it take no `_` at the begin of a column's name and keep
 * neither decimals nor timespans, a datetime and a long only as JSON gives them, and names such as `TimeGenerated`,
 * `Type` and `TenantId` for themselves. So every column is stored as text, under its name with its type behind it
 * (`Computer_string`, `N_long`), and the function that gives the rows makes of each what it was.
 */

/** Names of one roll-up's two tables, their streams and their data collection rule, by the roll-up's id. */
export interface CentreNames {
  readonly rows: string;
  readonly windows: string;
  readonly rowsStream: string;
  readonly windowsStream: string;
  /** At most thirty letters, digits and hyphens: part of a host's name. */
  readonly rule: string;
}

/** Of a column's name (azure-monitor-docs, logs/create-custom-table.md). */
const LONGEST = 45;
const WINDOWS = /^([A-Za-z]\w*)_([\da-f]{8})_Win_CL$/;

/** `id` is a name and eight hexadecimal digits: `Beats-0a1b2c3d`. */
export function centreNames(id: string): CentreNames {
  const base = id.replaceAll('-', '_');
  const [rows, windows] = [`${base}_CL`, `${base}_Win_CL`];
  const words = id
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .slice(0, 14)
    .replace(/-$/, '');
  return {
    rows,
    windows,
    rowsStream: `Custom-${rows}`,
    windowsStream: `Custom-${windows}`,
    rule: `rollup-${words}-${fingerprint(id)}`,
  };
}

/** The id of the roll-up whose table of windows it is; undefined for any other table. */
export function rollupOfTable(table: string): string | undefined {
  const [, name, hash] = WINDOWS.exec(table) ?? [];
  return name === undefined || hash === undefined ? undefined : `${name}-${hash}`;
}

/** The ARM id of a rule, which lies beside its workspace. */
export function ruleId(workspace: string, rule: string): string {
  const group = workspace.replace(/\/providers\/Microsoft\.OperationalInsights\/.*$/i, '');
  return `${group}/providers/Microsoft.Insights/dataCollectionRules/${rule}`;
}

/** The ARM id of a roll-up's function. */
export function functionId(workspace: string, name: string): string {
  return `${workspace}/savedSearches/rollup-${name}`;
}

/** What each column is stored as, in their order; no two the same, also where case does not count. */
export function storedNames(columns: readonly Column[]): readonly string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    const plain = storedName(column);
    const name = taken.has(plain.toLowerCase()) ? hashedName(column) : plain;
    taken.add(name.toLowerCase());
    return name;
  });
}

function storedName(column: Column): string {
  const { name, type } = column;
  // Names that begin as ours do are ours alone.
  const own = /^_[A-Za-z]\w*$/.test(name) ? `r${name}` : name;
  const full = `${own}_${type}`;
  const fits = /^[A-Za-z]\w*$/.test(own) && full.length <= LONGEST;
  return fits && (own !== name || !/^[rx]_/i.test(name)) ? full : hashedName(column);
}

function hashedName({ name, type }: Column): string {
  const words = name.replaceAll(/\W+/g, '_').slice(0, 20);
  return `x_${words}_${fingerprint(name)}_${type}`;
}

/** A cell as it is stored; undefined for no value, which is not sent. */
export function storedText(cell: Cell): string | undefined {
  return cell === null || cell === '' ? undefined : String(cell);
}

/** KQL that gives a table's rows with the columns they are meant to have, exactly. */
export function storedRows(table: string, columns: readonly Column[]): string {
  const names = storedNames(columns);
  const list = columns.map(({ name, type }, i) => `${kqlName(name)} = ${asType(names[i]!, type)}`);
  return `${table} | project ${list.join(', ')}`;
}

function asType(text: string, type: KqlType): string {
  switch (type) {
    case 'string':
      return text;
    case 'real':
      return `case(${text} == "NaN", real(nan), ${text} == "Infinity", real(+inf), ${text} == "-Infinity", real(-inf), todouble(${text}))`;
    case 'dynamic':
      return `iff(isempty(${text}), dynamic(null), parse_json(${text}))`;
    default:
      return `to${type}(${text})`;
  }
}
