import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { AppError } from '../../base/errors.ts';
import { untilWritable } from '../../engine/store/export.ts';
import type { Run } from '../../model/run.ts';
import { toJson } from './json.ts';
import type { Terminal } from './terminal.ts';

/**
 * The exported rows of a run to standard output or a file. JSON says with them whose rows are missing:
 * `{state, completeness, targets, columns, rows: [...]}`.
 */
export async function copyRun(run: Run, file: string, format: 'json' | 'csv', out: string | undefined, terminal: Terminal): Promise<void> {
  const sink = out === undefined ? undefined : createWriteStream(out);
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
    }
  } catch (cause) {
    if (!out || !failure) throw cause;
    throw new AppError('input.exportPath', `The file ${out} cannot be written: ${failure.message}`, { cause });
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
