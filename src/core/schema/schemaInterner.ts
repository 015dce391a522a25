import type { WorkspaceSchema } from '../../ports/logs.ts';

type Columns = WorkspaceSchema['tables'][number]['columns'];

/**
 * Makes equal column lists the same object, and equal lists of functions: a thousand workspaces share some hundred
 * tables, and merging looks at each list once.
 */
export class SchemaInterner {
  private readonly lists = new Map<string, Columns>();
  private readonly functions = new Map<string, WorkspaceSchema['functions']>();

  intern(schema: WorkspaceSchema): WorkspaceSchema {
    const key = JSON.stringify(schema.functions);
    const functions = this.functions.get(key) ?? schema.functions;
    this.functions.set(key, functions);
    return { functions, tables: schema.tables.map((table) => ({ ...table, columns: this.list(table.columns) })) };
  }

  private list(columns: Columns): Columns {
    const key = columns
      .map(({ name, type, description = '' }) => `${name}\u0000${type}\u0000${description}`)
      .join('\u0001');
    const known = this.lists.get(key);
    if (known) return known;
    const list = columns.map(({ name, type, description }) => ({
      name,
      type,
      ...(description === undefined ? {} : { description }),
    }));
    this.lists.set(key, list);
    return list;
  }
}

/** Whether two interned schemas have the same tables, columns and functions; what is said of them does not count. */
export function sameSchema(one: WorkspaceSchema, other: WorkspaceSchema): boolean {
  const columns = new Map(one.tables.map((table) => [table.name, table.columns]));
  return (
    one.functions === other.functions &&
    columns.size === other.tables.length &&
    other.tables.every((table) => columns.get(table.name) === table.columns)
  );
}
