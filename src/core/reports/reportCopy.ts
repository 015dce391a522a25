import type { Estate } from '../../model/estate.ts';
import type { CustomerReport, Report } from '../../model/report.ts';
import { hiddenNames } from '../assess/copy/hiddenNames.ts';
import { hideNames } from '../assess/copy/hideNames.ts';

/**
 * One customer's copy of a report: that customer alone, and no text that names another one, whoever wrote it there (a
 * table, a machine and a workspace can be called anything). Of others there is a median at most.
 */
export function reportCopy(report: Report, customer: CustomerReport, estate: Estate): Report {
  const say = hideNames(hiddenNames(customer.key, { customers: [] }, estate));
  const { gaps, tables, changes, silent, capHits } = customer;
  return {
    ...report,
    customers: [
      {
        ...customer,
        gaps: gaps.map((one) => ({ ...one, of: say(one.of) })),
        tables: tables.map((one) => ({ ...one, table: say(one.table) })),
        changes: changes.map((one) => ({ ...one, table: say(one.table) })),
        silent: silent.map((one) => ({ ...one, name: say(one.name), workspace: say(one.workspace) })),
        capHits: capHits.map((one) => ({ ...one, workspace: say(one.workspace) })),
      },
    ],
  };
}
