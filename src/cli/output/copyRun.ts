import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { AppError } from '../../base/errors.ts';
import { toExportError, untilWritable } from '../../engine/store/export.ts';
import type { Run } from '../../model/run.ts';
import { toJson } from './json.ts';
import type { Terminal } from './terminal.ts';

/**
 * The exported rows of a run to standard output or a file. JSON says with them whose rows are missing:
 * `{state, completeness, targets, columns, rows: [...]}`. A file takes its place when it is whole; a pipe or a device is written to as it is.
 */
export async function copyRun(run: Run, file: string, format: 'json' | 'csv', out: string | undefined, terminal: Terminal): Promise<void> {
  const asItIs = out === undefined || await stat(out).then((found) => !found.isFile(), () => false);
  const path = out === undefined || asItIs ? out : `${out}.${process.pid}.partial`;
  const sink = path === undefined ? undefined : createWriteStream(path);
  let failure: Error | undefined;
  sink?.on('error', (error) => { failure = error; });
  const put = async (chunk: string | Uint8Array): Promise<void> => {
    if (!sink) { await (typeof chunk === 'string' ? terminal.write(chunk) : terminal.writeBytes(chunk)); return; }
    if (!sink.write(chunk) && !sink.destroyed) await untilWritable(sink);
    if (failure) throw failure;
  };
  try {
    if (format === 'json') await put(envelopeStart(run));
    for await (const chunk of createReadStream(file)) await put(chunk as Uint8Array);
    if (format === 'json') await put('}\n');
    if (sink) {
      sink.end();
      if (!sink.closed) await once(sink, 'close');
      if (failure) throw failure;
      if (!asItIs) await rename(path!, out!).catch((error: Error) => { throw failure = error; });
    }
  } catch (cause) {
    sink?.destroy();
    if (!asItIs) await rm(path!, { force: true }).catch(() => undefined);
    if (!failure) throw cause;
    const { code, message } = toExportError(failure);
    throw new AppError(code, `${out}: ${message}`, { cause });
  }
}

function envelopeStart(run: Run): string {
  const targets = run.targets.map(({ workspace, workspaceName, customerName, tenantName, path, state, rows, tookMs, attempts, error }) =>
    ({ workspace, workspaceName, customerName, tenantName, path, state, rows, tookMs, attempts, error: error && { code: error.code, message: error.message } }));
  const head = {
    state: run.state, completeness: run.completeness, perWorkspaceNote: run.perWorkspaceNote, rowCount: run.rowCount, targets, columns: run.columns, render: run.render,
  };
  return `${toJson(head).slice(0, -1)},"rows":`;
}
