import type { ReportFormat, ReportKind } from '../model/report.ts';
import type { Scope } from '../model/scope.ts';
import { HOUR } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** Daily and monthly reports. */
export type ReportsContract = {
  requests: {
    /**
     * Asks the workspaces of the scope and writes `FOLDER/PERIOD/estate.html` and a file for each customer; `date` is
     * the last day or month that is over where absent. Tells the estate's files, how many customers have theirs, and
     * whether nothing is missing.
     */
    'reports.create': {
      input: {
        kind: ReportKind;
        date?: string;
        scope: Scope;
        folder: string;
        formats: readonly ReportFormat[];
      };
      output: { readonly estate: readonly string[]; readonly customers: number; readonly whole: boolean };
    };
  };
  events: { 'reports.progress': { readonly done: number; readonly total: number } };
};

/** How long each request may take: a thousand workspaces within the quotas of Azure take their time. */
export const REPORTS_DEADLINES: Deadlines<ReportsContract> = { 'reports.create': 3 * HOUR };
