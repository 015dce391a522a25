import { kqlName } from '../../model/kqlNames.ts';
import { stringText } from '../print/literals.ts';
import type { TableRel } from '../print/printQuery.ts';
import { schemaText } from '../print/sources.ts';
import type { BoundTable, ExternalFile } from '../schema.ts';

/**
 * A file of `externaldata` as a table that is the same for everybody: workspaces read it, never this machine. Its
 * address, which may hold a key, is written as a text that the service hides.
 */
export function externalTable({ uri, columns, format, ignoreFirstRecord }: ExternalFile): BoundTable {
  const options = [`format='${format}'`, ...(ignoreFirstRecord ? ['ignoreFirstRecord=true'] : [])].join(', ');
  return {
    name: uri,
    columns,
    written: `externaldata(${schemaText(columns)}) [h${stringText(uri)}] with (${options})`,
  };
}

/** The file's rows with the columns of the node; undefined for what is a table. */
export function externalText({ table, columns }: TableRel): string | undefined {
  if (table.written === undefined) return undefined;
  const own = columns.length === table.columns.length;
  return own ? table.written : `${table.written}\n| project ${columns.map(({ name }) => kqlName(name)).join(', ')}`;
}
