import type { WorkspaceFunction } from '../../model/estate.ts';
import { toKqlType } from './kqlTypes.ts';
import type { WorkspaceSchema, SchemaTable } from '../../ports/logs.ts';

interface WireColumn {
  readonly name?: string;
  readonly type?: string;
  readonly description?: string;
}
interface WireMetadata {
  readonly tables?: readonly {
    readonly name?: string;
    readonly description?: string;
    readonly columns?: readonly WireColumn[];
    readonly hasData?: boolean | null;
  }[];
  readonly functions?: readonly {
    readonly name?: string;
    readonly parameters?: string;
    readonly body?: string;
    readonly properties?: { readonly category?: string };
  }[];
}

/**
 * Reads the metadata endpoint's body; an empty one is a workspace without tables. Throws SyntaxError for what is no
 * JSON.
 */
export function readMetadata(body: string): WorkspaceSchema {
  if (body.trim() === '') return { tables: [], functions: [] };
  const { tables = [], functions = [] } = JSON.parse(body) as WireMetadata;
  // Where it is told of some, those of which it is not told are empty.
  const toldOfData = tables.some(({ hasData }) => typeof hasData === 'boolean');
  return {
    tables: tables.flatMap((table): SchemaTable[] => {
      if (!table.name) return [];
      return [
        {
          name: table.name,
          columns: (table.columns ?? []).flatMap((column) =>
            column.name ? [{ name: column.name, type: toKqlType(column.type ?? 'string'), ...told(column) }] : [],
          ),
          ...(toldOfData ? { hasData: table.hasData === true } : {}),
          ...told(table),
        },
      ];
    }),
    functions: functions.flatMap((definition): WorkspaceFunction[] =>
      definition.name
        ? [
            {
              name: definition.name,
              parameters: definition.parameters ?? '',
              body: definition.body ?? '',
              ...(definition.properties?.category ? { category: definition.properties.category } : {}),
            },
          ]
        : [],
    ),
  };
}

function told({ description }: { readonly description?: string }): { description?: string } {
  return description?.trim() ? { description: description.trim() } : {};
}
