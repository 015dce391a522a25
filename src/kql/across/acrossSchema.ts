import { mergeSchemas } from '../scopeSchema.ts';
import type { SourceSchema } from '../scopeSchema.ts';
import type { SchemaDatabase } from '../schema.ts';
import { ATTRIBUTION, isAttribution } from './expressions.ts';
import type { RemoteLanguage } from './remoteLanguage.ts';

/** What the targets of a run have together, as one workspace would: what queries are bound against. */
export interface AcrossSchema {
  /** Its tables with the attribution columns behind their own. */
  readonly attributed: SchemaDatabase;
  /** Its tables as they are. */
  readonly plain: SchemaDatabase;
  /** Stored functions that are not the same in every target: what they say differs with who is asked. */
  readonly differing: ReadonlySet<string>;
  /** Columns of several types, by table: the one workspace has one for each type. */
  readonly splits: ReadonlyMap<string, ReadonlyMap<string, { readonly from: string; readonly type: string }>>;
  /** What not every target has, by table: the table itself, and columns of it that some lack who have the table. */
  readonly partly: ReadonlyMap<string, { readonly table: boolean; readonly columns: ReadonlySet<string> }>;
}

/**
 * One schema of many targets. `tables` are the names that the query reads, where it is known to read no others: of a
 * thousand tables it then needs three. Tables of a `language` have its column, and no workspace.
 */
export function acrossSchema(
  schemas: readonly SourceSchema[],
  tables?: ReadonlySet<string>,
  language?: RemoteLanguage,
): AcrossSchema {
  const wanted = tables
    ? schemas.map((schema) => ({ ...schema, tables: schema.tables.filter(({ name }) => tables.has(name)) }))
    : schemas;
  const merged = mergeSchemas(wanted);
  const differing = new Set(merged.functions.filter(({ name }) => !isOfAll(name, schemas)).map(({ name }) => name));
  const functions = merged.functions.filter(({ name }) => !differing.has(name));
  const database = (columns: typeof ATTRIBUTION): SchemaDatabase => ({
    name: 'estate',
    tables: merged.tables.map((table) => ({
      name: table.name,
      columns: [
        ...table.columns.filter(({ name }) => !isAttribution(name)).map(({ name, type }) => ({ name, type })),
        // Behind its own: `x in (T)` and `toscalar(T)` look at a table's first column.
        ...columns,
        ...(language ? [{ name: language.named.column, type: 'string' as const }] : []),
      ],
    })),
    functions,
  });
  return {
    attributed: database(language ? ATTRIBUTION.slice(0, 2) : ATTRIBUTION),
    plain: database([]),
    differing,
    partly: new Map(
      merged.tables.map(({ name, have, columns }) => [
        name,
        {
          table: have !== undefined,
          columns: new Set(columns.flatMap((column) => (column.have === undefined ? [] : [column.name]))),
        },
      ]),
    ),
    splits: new Map(
      merged.tables.map(({ name, columns }) => [
        name,
        new Map(
          columns.flatMap((column) =>
            column.splitFrom === undefined
              ? []
              : [[column.name, { from: column.splitFrom, type: column.type }] as const],
          ),
        ),
      ]),
    ),
  };
}

/** Whether every target has the function, with the same parameters and body. */
function isOfAll(name: string, schemas: readonly SourceSchema[]): boolean {
  const bodies = schemas.map(({ functions = [] }) => {
    const found = functions.find((each) => each.name === name);
    return found && `${found.parameters}\n${found.body}`;
  });
  return bodies.every((body) => body !== undefined && body === bodies[0]);
}
