/**
 * How the tables of a scope are laid out. `tables`: a row a table, a column a workspace. `list`: a row for each
 * workspace and table. `differences`: a row for each column that not all workspaces have alike. `columns`: of one
 * table, a row a column, a column a workspace.
 */
export const SCHEMA_VIEWS = ['tables', 'differences', 'list', 'columns'] as const;
/** One of `SCHEMA_VIEWS`. */
export type SchemaView = (typeof SCHEMA_VIEWS)[number];
