import type { ScopeTable } from '../scopeSchema.ts';
import type { EditingColumn } from './scopeModel.ts';

/** What people are told about a table: where it is, what it is, what differs between workspaces. */
export function tableSentences(table: ScopeTable): string[] {
  const { have, of, description, notes = [] } = table;
  const place = have === undefined || of === undefined ? [] : [have < of ? `In ${have} of ${of} workspaces of the scope.` : of === 1 ? 'In the workspace of the scope.' : `In all ${of} workspaces of the scope.`];
  return [...place, ...(description ? [description] : []), ...notes];
}

/** What people are told about a column. `table` gives the number of workspaces it could be in. */
export function columnSentences(column: EditingColumn, table?: ScopeTable): string[] {
  const place = column.have === undefined ? [] : [table?.have === undefined ? `In ${column.have} workspaces only.` : `In ${column.have} of the ${table.have} workspaces that have ${table.name}.`];
  const differing = column.types.length > 1
    ? [`Its type differs: ${column.types.map((t) => `${t.type}${t.have === undefined ? '' : ` in ${t.have}`}`).join(', ')}. In the united answer it becomes ${column.types.map((t) => t.unitedAs ?? `${column.name}_${t.type}`).join(' and ')}.`]
    : [];
  return [...place, ...differing, ...(column.description ? [column.description] : [])];
}

export function columnTypes(column: EditingColumn): string { return column.types.map((t) => t.type).join(' | '); }
