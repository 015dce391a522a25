import { counted } from '../../base/counted.ts';
import { cancelled } from '../../base/errors.ts';
import type { RunRequest } from '../../model/run.ts';
import type { App } from '../platform/app.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import { readConfidentiality } from '../platform/settings.ts';

/** Workspaces told by name in a question. */
const NAMED = 10;

/**
 * The request as the person's settings have it: who may be asked together, and whether workspaces that keep the text of
 * queries are asked at all. Where the person wants to be asked, they are, before anything is sent; rejects with
 * `cancelled.byUser` where they say no.
 */
export async function askReaders(app: App, request: RunRequest): Promise<RunRequest> {
  const wanted: RunRequest = { ...request, ...readConfidentiality() };
  if (wanted.audited !== 'ask') return wanted;
  const readers = await withCancellableProgress('Looking who keeps the text of queries', (_report, signal) =>
    app.worker.request('runs.readers', wanted, { signal }),
  );
  const told = [
    ...readers.audited.map(({ target, keptIn }) => `${target}${keptIn.length > 0 ? ` (in ${keptIn.join(', ')})` : ''}`),
    ...readers.unseen.map(({ target }) => `${target} (not visible to you)`),
  ];
  if (told.length > 0) {
    const more = told.length > NAMED ? `\nand ${told.length - NAMED} more` : '';
    const yes = await app.notify.confirm(
      `Send the query to ${counted(told.length, 'workspace')} whose administrators may read its text?`,
      `${told.slice(0, NAMED).join('\n')}${more}\n\nThey keep the queries they are sent (diagnostic category Audit). Comments are never sent.`,
      'Send',
    );
    if (!yes) throw cancelled();
  }
  return { ...wanted, audited: 'allow' };
}
