import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import { isTextFormat } from '../../model/exportFormat.ts';
import type { ExportFormat } from '../../model/exportFormat.ts';
import type { RowSort } from '../../model/rows.ts';
import type { Run } from '../../model/run.ts';
import type { RowStoreRun } from '../../ports/rows.ts';
import { copyRun } from './copyRun.ts';
import { checkOut, ordinaryFile } from './outFile.ts';
import { safeText } from './safeText.ts';
import type { Terminal } from './terminal.ts';

/** Where rows go: a file, a folder with a file for each customer, or standard output where neither is named. */
export interface Place {
  readonly out: string | undefined;
  readonly perCustomer: string | undefined;
  /** A folder of ours for what is not whole yet. */
  readonly directory: string;
}

/** Finds out before a long query whether its answer can go there. Rejects with `input.usage` or as `checkOut` does. */
export async function checkPlace(
  format: ExportFormat | 'table',
  out: string | undefined,
  perCustomer: string | undefined,
): Promise<void> {
  if (out !== undefined && perCustomer !== undefined)
    throw new AppError('input.usage', '--out and --per-customer are two places for the same rows: give one of them.');
  if (format === 'table') {
    const option = out !== undefined ? '--out' : perCustomer !== undefined ? '--per-customer' : undefined;
    if (option !== undefined)
      throw new AppError('input.usage', `${option} needs --format csv, json, md, parquet or xlsx.`);
    return;
  }
  if (perCustomer !== undefined) {
    const found = await stat(perCustomer).catch(() => undefined);
    if (found && !found.isDirectory())
      throw new AppError('input.usage', `--per-customer needs a folder, and ${perCustomer} is none.`);
    return;
  }
  if (out === undefined && !isTextFormat(format))
    throw new AppError('input.usage', `--format ${format} needs --out FILE or --per-customer DIR.`);
  if (out !== undefined) {
    if (!isTextFormat(format)) await ordinaryFile(out);
    await checkOut(out);
  }
}

/** Writes the rows of a run, and says on standard error what could not be kept. Rejects as the export does. */
export async function writeRun(
  run: Run,
  rows: RowStoreRun,
  { format, sort }: { readonly format: ExportFormat; readonly sort: readonly RowSort[] },
  { out, perCustomer, directory }: Place,
  terminal: Terminal,
): Promise<void> {
  const { exportPerCustomer, exportRun } = await import('../../app/exportRun.ts');
  const path = perCustomer ?? join(directory, `answer.${format}`);
  const write = perCustomer === undefined ? exportRun : exportPerCustomer;
  const { notes, files } = await write(run, rows, { path, format, sort });
  if (perCustomer === undefined) await copyRun(run, path, format, out, terminal);
  else terminal.say(safeText(`${counted(files, 'customer')} written to ${path}, a file each`));
  for (const note of notes) terminal.say(safeText(note));
}
