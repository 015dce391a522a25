import { Uri, env, window, workspace } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { visibleText } from '../../base/visibleText.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { ReportFormat } from '../../protocol/assess.ts';
import type { App } from '../platform/app.ts';

const FORMATS: readonly { readonly format: ReportFormat; readonly label: string; readonly detail: string }[] = [
  { format: 'html', label: 'HTML', detail: 'A page of its own, to be read and printed' },
  { format: 'md', label: 'Markdown', detail: 'For a repository or a wiki' },
  { format: 'json', label: 'JSON', detail: 'Everything, for programs' },
  { format: 'sarif', label: 'SARIF', detail: 'Findings, for code scanning' },
];

/** Asks for the form and the place of a report, and writes it: one customer's copy, or everything for the provider. */
export async function exportReport(app: App, customer?: CustomerKey): Promise<void> {
  const { assessments, worker } = app;
  await assessments.restore();
  const { assessment, difference } = assessments.shown;
  if (!assessment)
    throw new AppError('input.noAssessment', 'Nothing was assessed yet: assess the architecture fit first.');
  const name = customer === undefined ? undefined : nameOf(app, customer);
  const chosen = await window.showQuickPick(FORMATS, {
    title: name === undefined ? 'Export the Assessment of All Customers' : `Export the Report of ${visibleText(name)}`,
    placeHolder:
      name === undefined ? 'For you: it holds every customer' : 'For the customer: it holds nothing of others',
  });
  if (!chosen) return;
  const { format, label } = chosen;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const file = `architecture-fit-${(name ?? 'estate').toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${assessment.at.slice(0, 10)}.${format}`;
  const target = await window.showSaveDialog({
    ...(folder ? { defaultUri: Uri.joinPath(folder, file) } : {}),
    title: 'Export Report',
    saveLabel: 'Export',
    filters: { [label]: [format] },
  });
  if (!target) return;
  const text = await worker.request('assess.export', {
    id: assessment.id,
    format,
    ...(customer === undefined ? {} : { customer }),
    ...(customer === undefined && difference ? { against: difference.before } : {}),
  });
  await workspace.fs.writeFile(target, new TextEncoder().encode(text));
  const open = 'Open';
  app.guard.background('assess.openReport', async () => {
    if ((await window.showInformationMessage('The report was written.', open)) !== open) return;
    if (format === 'html') await env.openExternal(target);
    else await window.showTextDocument(await workspace.openTextDocument(target));
  });
}

function nameOf(app: App, customer: CustomerKey): string {
  const found = app.assessments.customer(customer);
  if (!found) throw new AppError('input.unknownCustomer', 'This assessment does not have that customer.');
  return found.name;
}
