import { ProgressLocation, Uri, commands, env, window, workspace } from 'vscode';
import { toAppError } from '../../base/errors.ts';
import { counted } from '../../base/counted.ts';
import { periodOf } from '../../core/reports/period.ts';
import { REPORT_FORMATS } from '../../model/report.ts';
import type { ReportFormat, ReportKind } from '../../model/report.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { App } from '../platform/app.ts';
import { toSignal } from '../platform/cancel.ts';

const KINDS: readonly { readonly of: ReportKind; readonly label: string; readonly detail: string }[] = [
  { of: 'daily', label: 'Daily', detail: 'One day of UTC, against the four weeks before' },
  { of: 'monthly', label: 'Monthly', detail: 'One month of UTC, against the four weeks before' },
];
const FORMS: Readonly<Record<ReportFormat, { readonly label: string; readonly detail: string }>> = {
  html: { label: 'HTML', detail: 'Pages of their own, with pictures, to be read and printed' },
  md: { label: 'Markdown', detail: 'For a repository or a wiki' },
  parquet: { label: 'Parquet', detail: 'Rows, for programs' },
};

/** Asks for the period, the forms and the folder of a report, makes it with its progress, and offers to open it. */
export async function createReport(app: App): Promise<void> {
  const title = 'Create Report';
  const chosen = await window.showQuickPick(KINDS, { title, placeHolder: 'Of a day or of a month' });
  if (!chosen) return;
  const { of: kind } = chosen;
  const now = Date.now();
  const date = await window.showInputBox({
    title,
    prompt: kind === 'daily' ? 'The day, as in 2026-11-28 (UTC)' : 'The month, as in 2026-11 (UTC)',
    value: periodOf(kind, undefined, now).label,
    validateInput: (text) => problemOf(kind, text.trim(), now),
  });
  if (date === undefined) return;
  const forms = await window.showQuickPick(
    REPORT_FORMATS.map((format) => ({ ...FORMS[format], format, picked: format === 'html' })),
    { title, placeHolder: 'In which forms', canPickMany: true },
  );
  if (!forms || forms.length === 0) return;
  const [first] = workspace.workspaceFolders ?? [];
  const [folder] =
    (await window.showOpenDialog({
      title: 'The Folder for the Report and the Customers’ Copies',
      openLabel: 'Create Report Here',
      canSelectFiles: false,
      canSelectFolders: true,
      ...(first ? { defaultUri: first.uri } : {}),
    })) ?? [];
  if (!folder) return;
  const formats = forms.map(({ format }) => format);
  const wish = { kind, date: date.trim(), scope: EVERYTHING, folder: folder.fsPath, formats };
  const written = await window.withProgress(
    { location: ProgressLocation.Notification, title: 'Creating the report', cancellable: true },
    async (progress, token) => {
      let told = 0;
      const following = app.worker.on('reports.progress', ({ done, total }) => {
        const now = total > 0 ? Math.min(100, (100 * done) / total) : 0;
        progress.report({ message: `${done} of ${total}`, increment: Math.max(0, now - told) });
        told = Math.max(told, now);
      });
      try {
        return await app.worker.request('reports.create', wish, { signal: toSignal(token) });
      } finally {
        following.dispose();
      }
    },
  );
  app.guard.background('reports.open', () => offer(Uri.file(written.estate[0]!), written));
}

/** What is wrong with a date that is typed. */
function problemOf(kind: ReportKind, text: string, now: number): string | undefined {
  try {
    periodOf(kind, text, now);
    return undefined;
  } catch (thrown) {
    return toAppError(thrown).message;
  }
}

async function offer(
  estate: Uri,
  { customers, whole }: { readonly customers: number; readonly whole: boolean },
): Promise<void> {
  const [open, reveal] = ['Open', 'Show in Folder'] as const;
  const said = `The report was written, with a copy for each of ${counted(customers, 'customer')}.`;
  const answer = whole
    ? await window.showInformationMessage(said, open, reveal)
    : await window.showWarningMessage(`${said} It is not whole: on top it says who is missing, and why.`, open, reveal);
  if (answer === reveal) await commands.executeCommand('revealFileInOS', estate);
  if (answer !== open) return;
  if (estate.path.endsWith('.md')) await window.showTextDocument(estate);
  else await env.openExternal(estate);
}
