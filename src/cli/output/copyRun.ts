import { createReadStream } from 'node:fs';
import type { ExportFormat } from '../../model/exportFormat.ts';
import type { Run } from '../../model/run.ts';
import { toJson } from './json.ts';
import { putData, writeOut } from './outFile.ts';
import type { Terminal } from './terminal.ts';

/**
 * The exported rows of a run to standard output or a file. JSON says with them whose rows are missing:
 * `{state, completeness, answer, plan, targets, columns, rows: [...]}`.
 */
export async function copyRun(
  run: Run,
  file: string,
  format: ExportFormat,
  out: string | undefined,
  terminal: Terminal,
): Promise<void> {
  await writeOut(out, terminal, async (put) => {
    const data = putData(put, out, terminal);
    if (format === 'json') await data(envelopeStart(run));
    for await (const chunk of createReadStream(file)) await data(chunk as Uint8Array);
    if (format === 'json') await data('}\n');
  });
}

function envelopeStart(run: Run): string {
  const targets = run.targets.map(
    ({ customerName, tenantName, path, state, rows, tookMs, attempts, error, ...rest }) => ({
      ...(rest.kind === 'workspace'
        ? { kind: rest.kind, workspace: rest.workspace, workspaceName: rest.workspaceName, portion: rest.portion }
        : rest.kind === 'subscriptions'
          ? { kind: rest.kind, name: rest.name, subscriptions: rest.subscriptions, tenant: rest.tenant }
          : { kind: rest.kind, tenant: rest.tenant }),
      customerName,
      tenantName,
      path,
      state,
      rows,
      tookMs,
      attempts,
      error: error && { code: error.code, message: error.message },
    }),
  );
  const head = {
    state: run.state,
    completeness: run.completeness,
    answer: run.answer,
    source: run.source,
    plan: run.plan,
    unfinished: run.unfinished,
    perWorkspaceNote: run.perWorkspaceNote,
    rowCount: run.rowCount,
    targets,
    columns: run.columns,
    render: run.render,
  };
  return `${toJson(head).slice(0, -1)},"rows":`;
}
