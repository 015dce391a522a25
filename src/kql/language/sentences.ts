import type { ScopeTable } from '../scopeSchema.ts';
import type { EditingColumn } from './scopeModel.ts';

/**
 * What people are told about a table: where it is, what it is, what differs between workspaces. `columns`: as the
 * queries of one workspace know them.
 */
export function tableSentences(table: ScopeTable, columns = table.columns.length): string[] {
  const { description, notes = [], plans = [], retentionDays, have } = table;
  const plan =
    plans.length === 1 && plans[0]!.have === have
      ? `Plan: ${plans[0]!.plan}.`
      : `Plan: ${plans.map((one) => `${one.plan} in ${one.have}`).join(', ')}.`;
  return [
    ...placeOf(table),
    `${columns === 1 ? '1 column' : `${columns} columns`}.`,
    ...(plans.length > 0 ? [plan] : []),
    ...(retentionDays
      ? [
          `Kept ${retentionDays[0] === retentionDays[1] ? '' : `${retentionDays[0]} to `}${retentionDays[1]} days by the setting of the workspace; a table may have its own.`,
        ]
      : []),
    ...(description ? [description] : []),
    ...notes,
  ];
}

function placeOf(table: ScopeTable): string[] {
  const { have, of, filled } = table;
  if (have === undefined || of === undefined) return [];
  const known = knownIn(have, of, table.who);
  if (filled === undefined) return [known];
  if (filled === 0) return [`${known} No rows in ${have === 1 ? 'it' : 'any of them'}.`];
  if (filled === of)
    return [
      of === 1 ? 'Holds rows in the workspace of the scope.' : `Holds rows in all ${of} workspaces of the scope.`,
    ];
  return [`Holds rows in ${filled} of ${of} workspaces of the scope. ${known.replace(/^In /, 'Known in ')}`];
}

function knownIn(have: number, of: number, who: ScopeTable['who']): string {
  if (have >= of) return of === 1 ? 'In the workspace of the scope.' : `In all ${of} workspaces of the scope.`;
  return `In ${have} of ${of} workspaces of the scope${who ? `${who.they === 'have' ? ':' : ', not in'} ${namesOf(who)}` : ''}.`;
}

/** "a, b and 5 more" */
export function namesOf({ names, count }: NonNullable<ScopeTable['who']>): string {
  const more = count - names.length;
  return more > 0
    ? `${names.join(', ')} and ${more} more`
    : names.length > 1
      ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
      : names.join('');
}

/** What people are told about a column. `table` gives the number of workspaces it could be in. */
export function columnSentences(column: EditingColumn, table?: ScopeTable): string[] {
  const place =
    column.have === undefined
      ? []
      : [
          table?.have === undefined
            ? `In ${column.have} workspaces only.`
            : `In ${column.have} of the ${table.have} workspaces that have ${table.name}.`,
        ];
  const differing =
    column.types.length > 1
      ? [
          `Its type differs: ${column.types.map((t) => `${t.type}${t.have === undefined ? '' : ` in ${t.have}`}`).join(', ')}. In the united answer it becomes ${column.types.map((t) => t.unitedAs ?? `${column.name}_${t.type}`).join(' and ')}.`,
        ]
      : [];
  return [...place, ...differing, ...(column.description ? [column.description] : [])];
}

/** The types a column has in the workspaces of the scope, as `long | string`. */
export function columnTypes(column: EditingColumn): string {
  return column.types.map((t) => t.type).join(' | ');
}
