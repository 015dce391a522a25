import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { reportCopy } from '../core/reports/reportCopy.ts';
import { reportRows } from '../core/reports/reportRows.ts';
import { customerFileNames } from '../core/runs/customerFileNames.ts';
import { replaceFile } from '../engine/replaceFile.ts';
import { toExportError } from '../engine/store/export.ts';
import type { DataTable } from '../model/kqlType.ts';
import type { Report, ReportFormat } from '../model/report.ts';
import type { MadeReport } from './reports.ts';

/** Where the files of customers lie, below the folder of the period: none of their names can be the estate's. */
const CUSTOMERS = 'customers';

/** What was written: the folder of the period, the estate's file in each form, and how many customers have theirs. */
export interface WrittenReport {
  readonly folder: string;
  readonly estate: readonly string[];
  readonly customers: number;
}

/**
 * Writes `FOLDER/2026-11-28/estate.html`, and `customers/NAME.html` for each customer: a copy that holds nothing of
 * others. A file of the same name is replaced. Rejects with `input.exportPath` and `engine.*`.
 */
export async function writeReport(
  { report, estate }: MadeReport,
  folder: string,
  formats: readonly ReportFormat[],
): Promise<WrittenReport> {
  const place = join(folder, report.period.label);
  const names = customerFileNames(report.customers.map(({ name }) => name));
  const links = new Map(report.customers.map(({ key }, at) => [key, `${CUSTOMERS}/${encodeURIComponent(names[at]!)}`]));
  const written: string[] = [];
  try {
    await mkdir(join(place, CUSTOMERS), { recursive: true });
    for (const [at, customer] of report.customers.entries()) {
      const copy = reportCopy(report, customer, estate);
      for (const format of formats) await writeForm(join(place, CUSTOMERS, `${names[at]!}.${format}`), copy, format);
    }
    for (const format of formats) {
      const path = join(place, `estate.${format}`);
      await writeForm(path, report, format, (key) => `${links.get(key)!}.${format}`);
      written.push(path);
    }
  } catch (thrown) {
    const { code, message } = toExportError(thrown);
    throw new AppError(code, `${place}: ${message}`, { cause: thrown });
  }
  return { folder: place, estate: written, customers: report.customers.length };
}

/** `linkOf`: where each customer's own file is; absent in a customer's copy, which is of that customer alone. */
async function writeForm(
  path: string,
  report: Report,
  format: ReportFormat,
  linkOf?: (key: Report['customers'][0]['key']) => string,
): Promise<void> {
  if (format === 'parquet') {
    const { writeParquet } = await import('../engine/store/parquet.ts');
    const { columns, rows } = reportRows(report);
    await writeParquet(path, columns, onePage(rows));
    return;
  }
  const text =
    format === 'html'
      ? (await import('../report/toHtml.ts')).summaryHtml(report, linkOf)
      : (await import('../report/summary/summaryMarkdown.ts')).summaryMarkdown(report, linkOf);
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, text);
  await replaceFile(partial, path);
}

async function* onePage(rows: DataTable['rows']): AsyncGenerator<DataTable['rows']> {
  yield rows;
}
