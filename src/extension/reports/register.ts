import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { createReport } from './createReport.ts';

/** Daily and monthly reports of all customers. */
export function registerReports(app: App): CommandsOf<'tenantscope.reports.create'> {
  return { 'tenantscope.reports.create': () => createReport(app) };
}
