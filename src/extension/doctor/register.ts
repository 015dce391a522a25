import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import { diagnosisText } from './diagnosisText.ts';

/** What works between here and Azure, as a document. */
export function registerDoctor(app: App): CommandsOf<'tenantscope.doctor.diagnose'> {
  return {
    'tenantscope.doctor.diagnose': async () => {
      const diagnosis = await withCancellableProgress('Diagnosing the connection to Azure', (_report, signal) =>
        app.worker.request('doctor.diagnose', null, { signal }),
      );
      await app.documents.showMarkdown('Connection diagnosis.md', diagnosisText(diagnosis));
    },
  };
}
