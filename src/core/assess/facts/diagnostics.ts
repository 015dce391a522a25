import type { DiagnosticSetting } from '../../../model/assessment/facts.ts';
import type { ListFact } from './listFact.ts';

/** Where a workspace sends its own audit and metrics: one call of Resource Manager. */
export const diagnostics: ListFact<'diagnostics', DiagnosticSetting> = { name: 'diagnostics', key: ({ name }) => name };
