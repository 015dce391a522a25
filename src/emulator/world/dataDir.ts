import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { textLines } from '../../engine/runtime/textRecords.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';
import type { CustomerPlan } from './estatePlan.ts';
import { findReferenceColumns, findReferenceName } from './tableReference.ts';

/**
 * One file of real rows: `CUSTOMER/TABLE.jsonl`. `columns` are those the file's own names give, typed by the reference
 * where it knows them.
 */
export interface DataFile {
  readonly customer: string;
  readonly table: string;
  readonly path: string;
  readonly columns: readonly Column[];
}

/** Files of real rows to lay over the sample, one per customer and table. */
export type DataFiles = readonly DataFile[];

const NAME = /^([A-Za-z_][A-Za-z0-9_]*)\.(jsonl|ndjson|csv|parquet)(\.gz)?$/i;

/** The files of `DIR/CUSTOMER/TABLE.*`. Throws an Error that names what cannot be read; other files are left alone. */
export async function findDataFiles(dir: string): Promise<DataFiles> {
  const files: DataFile[] = [];
  let customers;
  try {
    customers = await readdir(dir, { withFileTypes: true });
  } catch {
    throw new Error(`There is no readable directory ${dir} for --data.`);
  }
  for (const customer of customers.filter((entry) => entry.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const name of (await readdir(join(dir, customer.name))).sort()) {
      const match = NAME.exec(name);
      if (!match) continue;
      const path = join(dir, customer.name, name);
      const table = findReferenceName(match[1]!) ?? match[1]!;
      if (files.some((file) => file.customer === customer.name && file.table === table))
        throw new Error(`${join(dir, customer.name)} has two files for the table ${table}.`);
      files.push({ customer: customer.name, table, path, columns: await columnsOf(path, table) });
    }
  }
  return files;
}

/**
 * The columns of a file: names as they are in it; types from the reference for a known table, else as the values look.
 * Empty for Parquet, which brings its own.
 */
async function columnsOf(path: string, table: string): Promise<readonly Column[]> {
  if (/\.parquet$/i.test(path)) return [];
  const known = new Map((findReferenceColumns(table) ?? []).map(({ name, type }) => [name, type]));
  const found = new Map<string, KqlType | undefined>();
  for await (const [name, value] of fieldsOf(path)) found.set(name, widen(found.get(name), typeOf(value)));
  if (found.size === 0) throw new Error(`${path} has no rows to learn its columns from.`);
  return [...found].map(([name, type]) => ({ name, type: known.get(name) ?? type ?? 'string' }));
}

/** Every field of every JSON line, or of the header and the first thousand lines of a CSV. */
async function* fieldsOf(path: string): AsyncGenerator<readonly [string, unknown]> {
  const csv = /\.csv(\.gz)?$/i.test(path);
  let header: string[] | undefined;
  let number = 0;
  for await (const line of textLines(path)) {
    if (++number > (csv ? 1_000 : Infinity)) break;
    if (line.trim() === '') continue;
    if (!csv) for (const field of Object.entries(parseLine(line, path, number))) yield field;
    else if (!header) header = splitCsv(line);
    else {
      const cells = splitCsv(line);
      for (const [index, name] of header.entries()) yield [name, fromText(cells[index] ?? '')];
    }
  }
}

function parseLine(line: string, path: string, number: number): Record<string, unknown> {
  try {
    const row = JSON.parse(line) as unknown;
    if (row !== null && typeof row === 'object' && !Array.isArray(row)) return row as Record<string, unknown>;
  } catch {
    /* said below */
  }
  throw new Error(`${path}, line ${number}: not a JSON object.`);
}

function splitCsv(line: string): string[] {
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
  return cells;
}

function fromText(text: string): unknown {
  if (text === '') return undefined;
  if (/^-?\d{1,18}$/.test(text)) return Number(text);
  if (/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return text.includes('.') ? Number(text) : text;
  return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : text;
}

const DATETIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;

function typeOf(value: unknown): KqlType | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'real';
  if (typeof value === 'string') return DATETIME.test(value) ? 'datetime' : 'string';
  return 'dynamic';
}

function widen(known: KqlType | undefined, next: KqlType | undefined): KqlType | undefined {
  if (known === undefined || next === undefined || known === next) return known ?? next;
  if ((known === 'long' && next === 'real') || (known === 'real' && next === 'long')) return 'real';
  return known === 'dynamic' || next === 'dynamic' ? 'dynamic' : 'string';
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/**
 * Puts files and customers together: by key, by name, or by the name's beginning; whoever is unknown becomes a customer
 * with a tenant and a workspace of its own, delegated to the provider.
 */
export function planData(
  customers: readonly CustomerPlan[],
  files: DataFiles,
): { readonly customers: readonly CustomerPlan[]; readonly filesOf: (customer: CustomerPlan) => DataFiles } {
  const all = [...customers];
  const owned = new Map<CustomerPlan, DataFile[]>();
  for (const file of files) {
    const wanted = plain(file.customer);
    const fits = (test: (customer: CustomerPlan) => boolean): CustomerPlan | undefined =>
      all.find((customer) => customer.tenants.some(({ workspaces }) => workspaces.length > 0) && test(customer));
    let customer =
      fits(({ key }) => plain(key) === wanted) ??
      fits(({ name }) => plain(name) === wanted) ??
      (wanted.length >= 4 ? fits(({ name }) => plain(name).startsWith(wanted)) : undefined);
    if (!customer) all.push((customer = newCustomer(file.customer)));
    owned.set(customer, [...(owned.get(customer) ?? []), file]);
  }
  return { customers: all, filesOf: (customer) => owned.get(customer) ?? [] };
}

function newCustomer(name: string): CustomerPlan {
  const word = plain(name) || 'customer';
  return {
    key: word,
    name,
    groups: ['data'],
    tags: {},
    tenants: [
      {
        name,
        domain: `${word}.example`,
        country: 'US',
        access: 'lighthouse',
        workspaces: [{ name: `${word}-logs`, region: 'westeurope', groups: [], hosts: 0, gbPerDay: 1 }],
      },
    ],
  };
}
