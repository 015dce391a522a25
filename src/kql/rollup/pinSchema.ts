import type { Column } from '../../model/kqlType.ts';
import { mergeSchemas } from '../scopeSchema.ts';
import type { SourceSchema } from '../scopeSchema.ts';

/**
 * One schema of many workspaces for good: where they disagree on the type of a column it is that of most of them, so
 * that one workspace does not change what all the others are asked. Stored functions that differ are left out.
 */
export function pinSchema(schemas: readonly SourceSchema[]): SourceSchema {
  const { tables, functions } = mergeSchemas(schemas);
  const bodies = (name: string): ReadonlySet<string> =>
    new Set(
      schemas.flatMap((schema) =>
        (schema.functions ?? []).filter((each) => each.name === name).map((each) => `${each.parameters}\n${each.body}`),
      ),
    );
  return {
    tables: tables.map(({ name, columns }) => {
      const pinned = new Map<string, Column>();
      // Of a column of several types the most frequent one comes first.
      for (const { name: own, splitFrom = own, type } of columns)
        if (!pinned.has(splitFrom)) pinned.set(splitFrom, { name: splitFrom, type });
      return { name, columns: [...pinned.values()] };
    }),
    functions: functions
      .filter(({ name }) => bodies(name).size === 1)
      .map(({ name, parameters, body }) => ({ name, parameters, body })),
  };
}
