import { join } from 'node:path';
import { counted } from '../../base/counted.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { ExportFormat } from '../../model/exportFormat.ts';
import { isTextFormat } from '../../model/exportFormat.ts';
import type { Run } from '../../model/run.ts';
import type { ResultsHost } from '../../protocol/results.ts';
import type { Worker } from '../platform/dataWorker.ts';
import type { Report } from '../platform/progress.ts';
import { exportName } from './exportName.ts';

/** One of a few things a person chooses among. */
export interface ExportChoice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly detail: string;
}

/** What of VS Code an export asks and tells. Undefined is a person who chose nothing. */
export interface ExportEnds {
  choose<T extends string>(title: string, choices: readonly ExportChoice<T>[]): Promise<T | undefined>;
  /** A file on this machine; rejects with `input.exportPlace` for another place. */
  saveAs(name: string, format: ExportFormat): Promise<string | undefined>;
  /** A folder on this machine; rejects with `input.exportPlace` for another place. */
  folder(): Promise<string | undefined>;
  working<T>(title: string, work: (report: Report, signal: CancelSignal) => Promise<T>): Promise<T>;
  /** `open`: whether VS Code can show the file itself. */
  done(message: string, path: string, open: boolean): void;
}

/** The forms, the most asked for first, with what each keeps. */
const FORMATS: readonly ExportChoice<ExportFormat>[] = [
  { value: 'csv', label: 'CSV', detail: 'Every value in full, as text; safe to open in a spreadsheet' },
  { value: 'xlsx', label: 'Excel', detail: 'Times as dates in UTC, numbers as numbers, no formulas' },
  { value: 'json', label: 'JSON', detail: 'An array of objects; dynamic values as they are' },
  { value: 'parquet', label: 'Parquet', detail: 'With types; times to the last of seven digits' },
  { value: 'md', label: 'Markdown', detail: 'A table for a ticket or a page: the first 1,000 rows' },
];

const PLACES: readonly ExportChoice<'one' | 'perCustomer'>[] = [
  { value: 'one', label: 'One file', detail: 'Rows of all customers' },
  {
    value: 'perCustomer',
    label: 'One file per customer',
    detail: 'In a folder: each with its own rows alone, beside it how complete they are',
  },
];

type Asked = ResultsHost['requests']['export']['input'];

/** Asks for form and place and has the rows that pass written. Null where the person chose nothing. */
export async function exportRows(
  { worker, ends }: { readonly worker: Pick<Worker, 'request' | 'on'>; readonly ends: ExportEnds },
  run: Run,
  { sort, filters, search }: Asked,
): Promise<ResultsHost['requests']['export']['output']> {
  const isFiltered = (filters?.length ?? 0) > 0 || Boolean(search);
  const title = isFiltered ? 'Export Rows as Filtered' : 'Export Rows';
  const format = await ends.choose(title, FORMATS);
  if (format === undefined) return null;
  const place = await ends.choose(title, PLACES);
  if (place === undefined) return null;
  const name = exportName(run);
  const perCustomer = place === 'perCustomer';
  const chosen = perCustomer ? await ends.folder() : await ends.saveAs(`${name}.${format}`, format);
  if (chosen === undefined) return null;
  // A folder of its own: files of an earlier export are neither replaced nor mixed with these.
  const path = perCustomer ? join(chosen, name) : chosen;
  const done = await ends.working('Exporting rows', async (report, signal) => {
    report(path, 0);
    const hearing = worker.on('run.exporting', (progress) => {
      if (progress.run === run.id && progress.path === path)
        report(`${counted(progress.rows, 'row')} written`, progress.fraction);
    });
    try {
      return await worker.request(
        'runs.export',
        {
          run: run.id,
          path,
          format,
          ...(perCustomer ? { perCustomer } : {}),
          ...(sort ? { sort } : {}),
          ...(filters ? { filters } : {}),
          ...(search ? { search } : {}),
        },
        { signal },
      );
    } finally {
      hearing.dispose();
    }
  });
  ends.done(messageOf(run, done), path, !perCustomer && isTextFormat(format));
  return { rows: done.rows, path };
}

/** Notes of more customers than this are counted: the files say them. */
const TOLD_NOTES = 3;

function messageOf(
  run: Run,
  done: { rows: number; files: number; notes: readonly string[]; incomplete?: number },
): string {
  const { incomplete, notes } = done;
  const rows = counted(done.rows, 'row');
  const lacking =
    incomplete === undefined
      ? run.completeness.complete
        ? []
        : [`The answer is not complete: ${run.completeness.sentence}.`]
      : incomplete === 0
        ? []
        : [`${counted(incomplete, 'customer')} did not answer in full; the file beside theirs says what is missing.`];
  return [
    incomplete === undefined ? `${rows} exported.` : `${rows} of ${counted(done.files, 'customer')} exported.`,
    ...lacking,
    ...notes.slice(0, TOLD_NOTES),
    ...(notes.length > TOLD_NOTES ? [`And ${counted(notes.length - TOLD_NOTES, 'more note')}.`] : []),
  ].join(' ');
}
