import type { Column } from '../../model/kqlType.ts';
import type { WorkspaceSchema } from '../ports.ts';

/** Makes equal column lists the same object: a thousand workspaces share some hundred tables, and merging looks at each list once. */
export class SchemaInterner {
  private readonly lists = new Map<string, readonly Column[]>();

  intern(schema: WorkspaceSchema): WorkspaceSchema {
    return { ...schema, tables: schema.tables.map((table) => ({ ...table, columns: this.list(table.columns) })) };
  }

  private list(columns: readonly Column[]): readonly Column[] {
    const key = columns.map((column) => `${column.name}\u0000${column.type}`).join('\u0001');
    const known = this.lists.get(key);
    if (known) return known;
    const list = columns.map(({ name, type }) => ({ name, type }));
    this.lists.set(key, list);
    return list;
  }
}
