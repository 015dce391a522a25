import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CancelSignal } from '../base/cancel.ts';
import { AppError, cancelled } from '../base/errors.ts';
import { counted } from '../base/counted.ts';
import { customerFileNames } from '../core/runs/customerFileNames.ts';
import { customerCompleteness, customersOfRun } from '../core/runs/customersOfRun.ts';
import { madeNote } from '../model/madeNote.ts';
import type { RunCustomer } from '../core/runs/customersOfRun.ts';
import { removePath, replaceFile } from '../engine/replaceFile.ts';
import { toExportError } from '../engine/store/export.ts';
import type { ExportFormat } from '../model/exportFormat.ts';
import type { Completeness, Run } from '../model/run.ts';
import type { RowFilter, RowSort } from '../model/rows.ts';
import type { ExportedFile, RowStoreRun } from '../ports/rows.ts';

/** Which rows of a run go to files, in what form and order. */
export interface RunExport {
  /** A file, or a folder with `perCustomer`. */
  readonly path: string;
  readonly format: ExportFormat;
  readonly filters?: readonly RowFilter[];
  readonly sort?: readonly RowSort[];
  readonly search?: string;
}

/** How far an export is: rows written, and the part of the whole, from 0 to 1. */
export interface ExportProgress {
  readonly rows: number;
  readonly fraction: number;
}

/** Who hears of an export, and who may end it. */
export interface ExportWatch {
  readonly signal?: CancelSignal;
  readonly progress?: (progress: ExportProgress) => void;
}

/** What was written: rows, files of rows, and in sentences what could not be kept. */
export interface RunExported extends ExportedFile {
  readonly files: number;
  /** With a file each: customers whose answer is not complete. */
  readonly incomplete?: number;
}

/** The rows of a run as one file. Rejects as `RowStoreRun.export` does. */
export async function exportRun(
  run: Run,
  rows: RowStoreRun,
  { path, format, ...selection }: RunExport,
  { signal, progress }: ExportWatch = {},
): Promise<RunExported> {
  const done = await rows.export(path, format, {
    ...selection,
    ...(signal ? { signal } : {}),
    about: [...aboutRows(run, run.completeness, selection), ...aboutAnswer(run)],
    written: (count, total) => progress?.({ rows: count, fraction: total === 0 ? 1 : count / total }),
  });
  return { ...done, files: 1 };
}

/**
 * The rows of a run as a file for each customer in the folder `path`, which is made where it is not there: its own rows
 * in its own columns, and beside it `NAME.completeness.json`. All of them appear when the last is whole, in place of
 * those of the same names; a failure or a cancellation before that leaves none. Rejects with `input.exportUnattributed`
 * where rows are nobody's, and as `RowStoreRun.export` does.
 */
export async function exportPerCustomer(
  run: Run,
  rows: RowStoreRun,
  { path, format, ...selection }: RunExport,
  { signal, progress }: ExportWatch = {},
): Promise<RunExported> {
  const customers = customersOfRun(run);
  refuseUnattributed(rows, customers);
  const names = customerFileNames(customers.map(({ name }) => name));
  const staging = await makeStaging(path);
  const done = { rows: 0, notes: [] as string[] };
  try {
    const files: string[] = [];
    for (const [i, customer] of customers.entries()) {
      if (signal?.aborted) throw cancelled();
      const name = `${names[i]!}.${format}`;
      const written = await rows.export(join(staging, name), format, {
        ...selection,
        ...(signal ? { signal } : {}),
        targets: customer.keys,
        about: [`These are the rows of ${customer.name}.`, ...aboutRows(run, customer.completeness, selection)],
        written: (count, total) =>
          progress?.({
            rows: done.rows + count,
            fraction: (i + (total === 0 ? 1 : count / total)) / customers.length,
          }),
      });
      const beside = `${names[i]!}.completeness.json`;
      const said = customerCompleteness(run, customer, { name, ...written });
      await writeFile(join(staging, beside), `${JSON.stringify(said, null, 2)}\n`);
      files.push(name, beside);
      done.rows += written.rows;
      done.notes.push(...written.notes.map((note) => `${customer.name}: ${note}`));
      progress?.({ rows: done.rows, fraction: (i + 1) / customers.length });
    }
    if (signal?.aborted) throw cancelled();
    for (const name of files)
      await replaceFile(join(staging, name), join(path, name)).catch((error: unknown) => {
        const { code, message } = toExportError(error);
        throw new AppError(code, `${name}: ${message}`, { cause: error });
      });
    const incomplete = customers.filter(({ completeness }) => !completeness.complete).length;
    return { ...done, files: customers.length, incomplete };
  } catch (error) {
    throw toExportError(error);
  } finally {
    await removePath(staging).catch(() => undefined);
  }
}

/**
 * Each row has to be what a target of a customer answered. One that was made here of several targets' rows may hold
 * anybody's values in any column, even where it names a customer: a join does, and so does a total beside each row.
 */
function refuseUnattributed(rows: RowStoreRun, customers: readonly RunCustomer[]): void {
  const whose = customers.reduce((sum, { keys }) => sum + rows.rowCount(keys), 0);
  if (customers.length === 0)
    throw new AppError('input.exportUnattributed', 'Nobody was asked, so there is no file to write for anybody.');
  const nobodys = rows.rowCount() - whose;
  if (nobodys !== 0)
    throw new AppError(
      'input.exportUnattributed',
      `Of this answer ${counted(nobodys, 'row')} ${nobodys === 1 ? 'was' : 'were'} made of the rows of several workspaces together and can go to no one customer's file. Export one file, or ask again for each workspace's own answer.`,
    );
}

/** What stands with the rows where there is a place for it. What the filters say may name others: it is not told. */
function aboutRows(
  run: Pick<Run, 'startedAt' | 'state'>,
  { sentence }: Completeness,
  { filters, search }: Pick<RunExport, 'filters' | 'search'>,
): readonly string[] {
  return [
    `Asked at ${run.startedAt}: ${sentence}.${run.state === 'running' ? ' The run had not ended yet.' : ''}`,
    ...(filters?.length || search ? ['Only rows that pass the filters of the Results page are here.'] : []),
  ];
}

/** How the rows of everybody are to be read; not for a customer's copy, for a reason may name who gave it. */
function aboutAnswer({ made, perWorkspaceNote, plan }: Run): readonly string[] {
  if (made) return [madeNote(made).text].filter((text) => text !== '');
  return [
    ...(perWorkspaceNote ? [`Per workspace: ${perWorkspaceNote.sentence}`] : []),
    ...(plan?.promise?.kind === 'approximate' ? [`Approximate: ${plan.promise.error}`] : []),
  ];
}

/** A folder for what is not whole yet, on the same disk as where it goes. */
async function makeStaging(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true });
    return await mkdtemp(join(path, '.partial-'));
  } catch (error) {
    throw toExportError(error);
  }
}
