import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { reportCopy } from '../core/reports/reportCopy.ts';
import { reportRows } from '../core/reports/reportRows.ts';
import { customerFileNames } from '../core/runs/customerFileNames.ts';
import { replaceFile } from '../engine/replaceFile.ts';
import { toExportError } from '../engine/store/export.ts';
import type { DataTable } from '../model/kqlType.ts';
import type { Report, ReportFormat } from '../model/report.ts';
import type { LinkOf } from '../report/summary/linkOf.ts';
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
  const parquet = formats.includes('parquet') ? await openParquet() : undefined;
  const write = async (path: string, one: Report, format: ReportFormat, linkOf?: LinkOf): Promise<void> => {
    const partial = `${path}.${process.pid}.partial`;
    try {
      await writeForm(partial, one, format, parquet, linkOf);
      await replaceFile(partial, path);
    } finally {
      await rm(partial, { force: true });
    }
  };
  try {
    await mkdir(join(place, CUSTOMERS), { recursive: true });
    for (const [at, customer] of report.customers.entries()) {
      const copy = reportCopy(report, customer, estate);
      for (const format of formats) await write(join(place, CUSTOMERS, `${names[at]!}.${format}`), copy, format);
    }
    for (const format of formats) {
      const path = join(place, `estate.${format}`);
      await write(path, report, format, (key) => `${links.get(key)!}.${format}`);
      written.push(path);
    }
  } catch (thrown) {
    const { code, message } = toExportError(thrown);
    throw new AppError(code, `${place}: ${message}`, { cause: thrown });
  } finally {
    await parquet?.close();
  }
  return { folder: place, estate: written, customers: report.customers.length };
}

/** Writes tables as Parquet files, one after the other, with one database for all of them. */
interface ParquetWriter {
  write(path: string, table: DataTable): Promise<unknown>;
  close(): Promise<void>;
}

async function openParquet(): Promise<ParquetWriter> {
  const { openWriter, writeParquetWith } = await import('../engine/store/parquet.ts');
  const database = await openWriter(256);
  return {
    write: (path, { columns, rows }) => writeParquetWith(database, path, columns, onePage(rows)),
    close: () => database.close(),
  };
}

/** `linkOf`: where each customer's own file is; absent in a customer's copy, which is of that customer alone. */
async function writeForm(
  path: string,
  report: Report,
  format: ReportFormat,
  parquet: ParquetWriter | undefined,
  linkOf?: LinkOf,
): Promise<void> {
  switch (format) {
    case 'html':
      return writeFile(path, (await import('../report/toHtml.ts')).summaryHtml(report, linkOf));
    case 'md':
      return writeFile(path, (await import('../report/summary/summaryMarkdown.ts')).summaryMarkdown(report, linkOf));
    case 'parquet':
      await parquet!.write(path, reportRows(report));
  }
}

async function* onePage(rows: DataTable['rows']): AsyncGenerator<DataTable['rows']> {
  yield rows;
}
