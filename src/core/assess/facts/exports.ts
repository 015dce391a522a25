import type { ExportRule } from '../../../model/assessment/facts.ts';
import type { ListFact } from './listFact.ts';

/** The data export rules of a workspace: one call of Resource Manager. */
export const exports: ListFact<'exports', ExportRule> = { name: 'exports', key: ({ name }) => name };
