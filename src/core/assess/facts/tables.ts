import type { WorkspaceTable } from '../../../model/estate.ts';
import type { ListFact } from './listFact.ts';

/** The tables of a workspace with plan and retention: one call of Resource Manager. */
export const tables: ListFact<'tables', WorkspaceTable> = { name: 'tables', key: ({ name }) => name };
