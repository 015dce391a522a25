import { window } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';

/** Asks for an earlier assessment, and shows what is different since. */
export async function compareAssessments(app: App): Promise<void> {
  const { assessments, worker } = app;
  await assessments.restore();
  const { assessment } = assessments.shown;
  if (!assessment)
    throw new AppError('input.noAssessment', 'Nothing was assessed yet: assess the architecture fit first.');
  const earlier = (await worker.request('assess.list', null)).filter(({ id }) => id !== assessment.id);
  if (earlier.length === 0)
    throw new AppError('input.noAssessment', 'There is no earlier assessment to compare with. Assess again some day.');
  const chosen = await window.showQuickPick(
    earlier.map(({ id, at, scope, customers, findings }) => ({
      id,
      label: new Date(at).toLocaleString(),
      description: plainLabel(scope),
      detail: `${customers} customers, ${findings} findings`,
    })),
    { title: 'Compare the Assessment With', matchOnDescription: true },
  );
  if (chosen) await assessments.compareWith(chosen.id);
}
