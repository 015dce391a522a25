import { AppError } from '../../base/errors.ts';
import { isGuid } from '../../model/ids.ts';
import type { PartnerContract } from '../../ports/microsoftGraph.ts';

/**
 * Customers out of a Partner Center export: `Customers.csv` of its page, or the JSON that its API answers with (the
 * collection, or its items). The columns of the CSV are found by the English names, else by what is in them: the page
 * writes them in the person's language. A spreadsheet may have saved it with semicolons or tabs.
 * Throws `input.partnerExport`, naming the file and the line.
 */
export function parsePartnerExport(text: string, label: string): readonly PartnerContract[] {
  const body = text.replace(/^\uFEFF/, '');
  const customers = /^\s*[[{]/.test(body) ? ofJson(body, label) : ofCsv(body, label);
  if (customers.length === 0) throw wrong(label, 'names no customer');
  return customers;
}

function ofJson(text: string, label: string): readonly PartnerContract[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong(label, 'is no valid JSON');
  }
  const items = Array.isArray(json) ? json : (json as { readonly items?: unknown }).items;
  if (!Array.isArray(items)) throw wrong(label, 'has no list "items" of customers');
  return (items as readonly unknown[]).map((item, at) => {
    const { companyProfile: profile = {}, id } = (item ?? {}) as {
      readonly id?: unknown;
      readonly companyProfile?: Readonly<Record<string, unknown>>;
    };
    const tenant = String(profile['tenantId'] ?? id ?? '').toLowerCase();
    if (!isGuid(tenant)) throw wrong(label, `has a customer (number ${at + 1}) without a tenant`);
    return {
      tenant,
      name: String(profile['companyName'] ?? ''),
      domain: String(profile['domain'] ?? '').toLowerCase(),
    };
  });
}

const HEADERS = { tenant: /^(microsoft id|customer id|tenant id)$/i, name: /^company name$/i, domain: /domain/i };

function ofCsv(text: string, label: string): readonly PartnerContract[] {
  const [header = [], ...rows] = parseCsv(text, separatorOf(text), label);
  const tenantAt = columnOf(header, rows, HEADERS.tenant, (value) => isGuid(value.toLowerCase()));
  if (tenantAt < 0) throw wrong(label, 'has no column "Microsoft ID" with the tenants of customers');
  const domainAt = columnOf(header, rows, HEADERS.domain, (value) => DOMAIN.test(value));
  const nameAt = columnOf(
    header.map((name, at) => (at === tenantAt || at === domainAt ? '' : name)),
    rows,
    HEADERS.name,
    (value) => value !== '' && !isGuid(value.toLowerCase()) && !DOMAIN.test(value),
  );
  return rows.map((row, at) => {
    const tenant = (row[tenantAt] ?? '').trim().toLowerCase();
    if (!isGuid(tenant)) throw wrong(label, `names no tenant in its line ${at + 2}`);
    return {
      tenant,
      name: (row[nameAt] ?? '').trim(),
      domain: (row[domainAt] ?? '').trim().toLowerCase(),
    };
  });
}

const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}$/u;

/** The column of this name, else the first one whose first values are such. */
function columnOf(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  name: RegExp,
  isOne: (value: string) => boolean,
): number {
  const at = header.findIndex((one) => name.test(one.trim()));
  if (at >= 0) return at;
  const first = rows.slice(0, 20);
  return header.findIndex((one, column) => one !== '' && first.some((row) => isOne((row[column] ?? '').trim())));
}

/** What stands between the fields of the first line: a comma, unless something else stands there more often. */
function separatorOf(text: string): ',' | ';' | '\t' {
  const line = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replaceAll(/"(?:[^"]|"")*"/g, '');
  const count = (separator: string): number => line.split(separator).length;
  return ([';', '\t'] as const).find((one) => count(one) > count(',')) ?? ',';
}

/** RFC 4180: quoted fields hold separators, line ends and doubled quotes. Lines without any text are passed over. */
function parseCsv(text: string, separator: string, label: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  let end = 0;
  const fields = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n]*))(${separator}|\\r?\\n|$)`, 'gy');
  for (let match = fields.exec(text); match; match = fields.exec(text)) {
    end = fields.lastIndex;
    rows.at(-1)!.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') break;
    if (match[3] !== separator) rows.push([]);
  }
  // The customers behind it would be missing, and nobody would know.
  if (end < text.length)
    throw wrong(
      label,
      `has a quotation mark in its line ${text.slice(0, end).split('\n').length} that nothing explains`,
    );
  return rows.filter((row) => row.some((field) => field.trim() !== ''));
}

function wrong(label: string, what: string): AppError {
  return new AppError(
    'input.partnerExport',
    `The Partner Center export ${label} ${what}. Export it anew: Partner Center > Customers > Export customers.`,
  );
}
