import { CONVERSIONS } from '../conversions.ts';
import { child, children, need } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { Assignment, Expr, Rel } from '../plan.ts';
import { EXTERNAL_FORMATS } from '../schema.ts';
import type { ExternalFile, ExternalFormat } from '../schema.ts';
import { placeOf, refuse } from './refusal.ts';
import { literal } from './scope.ts';
import type { Binder, Scope } from './scope.ts';
import { constantOf, nameOf, schemaColumns } from './tree.ts';

/** Thrown by a catalog that has to read the file first: the query is bound again when it is there. */
export class NeedsFile extends Error {
  readonly file: ExternalFile;
  constructor(file: ExternalFile) {
    super('a file of externaldata is read first');
    this.file = file;
  }
}

const NEVER = 'The local engine never reads from the network; put the file beside the query or load it as a table.';

/**
 * `externaldata`: files the catalog has, the columns declared made of theirs; a value that does not fit its type is
 * null.
 */
export function bindExternal(node: SyntaxNode, scope: Scope, binder: Binder): Rel {
  const place = placeOf(node);
  const columns = schemaColumns(children(need(node, 'Schema'), 'Columns'));
  const { format, ignoreFirstRecord } = propertiesOf(node, scope, binder);
  const legs = children(node, 'URIs').map((uri): Rel => {
    const text = constantOf(uri, scope, binder)?.value;
    if (typeof text !== 'string') return refuse('externaldata of a computed address', uri);
    const name = fileNameOf(text);
    const found = binder.external({
      uri: text,
      name,
      columns,
      format: format ?? formatOf(name ?? ''),
      ignoreFirstRecord,
    });
    if (found === undefined || 'wayAround' in found) return refuse('externaldata', node, found?.wayAround ?? NEVER);
    const items = columns.map((column): Assignment => {
      const own = found.columns.find((c) => c.name === column.name);
      const missing = literal(column.type, column.type === 'string' ? '' : null);
      const value: Expr = own ? { kind: 'column', ...own } : missing;
      return {
        column,
        expr:
          value.type === column.type
            ? value
            : { kind: 'call', name: CONVERSIONS[column.type], args: [value], type: column.type, place },
      };
    });
    return { kind: 'project', input: found, items, columns, place };
  });
  const inputs = legs.map((rel) => ({ rel, name: '', target: columns.map((_, i) => i) }));
  return legs.length === 1 ? legs[0]! : { kind: 'union', inputs, columns, place };
}

function propertiesOf(
  node: SyntaxNode,
  scope: Scope,
  binder: Binder,
): { format?: ExternalFormat; ignoreFirstRecord: boolean } {
  const found: { format?: ExternalFormat; ignoreFirstRecord: boolean } = { ignoreFirstRecord: false };
  const clause = child(node, 'WithClause');
  for (const property of clause ? children(clause, 'Properties') : []) {
    const name = nameOf(need(property, 'Name'));
    const text = String(constantOf(need(property, 'Expression'), scope, binder)?.value ?? '').toLowerCase();
    if (/^format$/i.test(name))
      found.format = EXTERNAL_FORMATS.find((f) => f === text) ?? refuse(`externaldata with format=${text}`, property);
    else if (/^ignoreFirstRecord$/i.test(name)) found.ignoreFirstRecord = text === 'true' || text === '1';
    else refuse(`externaldata with ${name}`, property);
  }
  return found;
}

/**
 * The name a storage path has beside the query: the file name of a URL (its query, a signature perhaps, and what
 * follows a semicolon are access to it and no part of it), or a bare relative name. Undefined for what would lead out
 * of the folder.
 */
export function fileNameOf(uri: string): string | undefined {
  const url = /^[a-z][a-z\d+.-]+:\/\/[^/?#;]*([^?#;]*)/i.exec(uri);
  let name = url ? url[1]!.slice(url[1]!.lastIndexOf('/') + 1) : uri.replace(/^\.\//, '');
  if (url)
    try {
      name = decodeURIComponent(name);
    } catch {
      return undefined;
    }
  return name === '' || /^\.+$|[/\\:\0]/.test(name) ? undefined : name;
}
/** By the extension, as Kusto does; csv where it says nothing. */
function formatOf(name: string): ExternalFormat {
  const extension = /\.([a-z\d]+)(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase();
  return extension === 'jsonl' || extension === 'ndjson'
    ? 'json'
    : (EXTERNAL_FORMATS.find((f) => f === extension) ?? 'csv');
}
