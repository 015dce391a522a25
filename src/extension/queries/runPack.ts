import { workspace } from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import { counted } from '../../base/counted.ts';
import { withValues } from '../../kql/queryFiles/prepareQuery.ts';
import { effectiveTimeRange } from '../../model/timeRange.ts';
import type { Run } from '../../model/run.ts';
import type { App } from '../platform/app.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import { readPack } from './packFiles.ts';
import type { PackedQuery } from './packFiles.ts';
import { packSummary } from './packSummary.ts';
import type { PackLine } from './packSummary.ts';
import type { Uri } from 'vscode';

/**
 * Runs every query of files, one after the other, over its own scope or the one of new documents, so that a pack takes
 * no more of a quota than its queries do; then shows a line for each. Parameters have their defaults. One that fails
 * stops none.
 */
export async function runPack(app: App, title: string, uris: readonly Uri[]): Promise<void> {
  const { queries, problems } = await readPack(app, uris);
  if (queries.length === 0) {
    app.notify.info(`There is no query in ${title}.`);
    return;
  }
  await app.estate.ensure();
  const lines: PackLine[] = [];
  await withCancellableProgress(`Running ${title}`, async (report, signal) => {
    for (const [at, packed] of queries.entries()) {
      report(`${packed.query.name} (${at + 1} of ${counted(queries.length, 'query', 'queries')})`, at / queries.length);
      lines.push({ ...toldOf(packed), ...(signal.aborted ? NOT_ASKED : await runOne(app, packed, signal)) });
    }
  });
  await app.documents.showMarkdown(`${title} - summary.md`, packSummary(title, lines, problems));
}

type Answer = Pick<PackLine, 'told' | 'state' | 'rows'>;

const NOT_ASKED: Answer = { told: 'cancelled', state: 'notAsked' };

function toldOf({ uri, query }: PackedQuery): Pick<PackLine, 'name' | 'file'> {
  return { name: query.name, file: workspace.asRelativePath(uri) };
}

async function runOne(app: App, { uri, query }: PackedQuery, signal: CancelSignal): Promise<Answer> {
  if (query.refusal) return { told: query.refusal, state: 'notAsked' };
  const { text, missing } = withValues(query, new Map());
  if (missing.length > 0)
    return { told: `${missing.join(', ')} ${missing.length > 1 ? 'need values' : 'needs a value'}`, state: 'notAsked' };
  const { scope, error } = app.scope.ofFile(uri.toString(), query.scope);
  if (error) return { told: `The scope line cannot be read: ${error.message}`, state: 'failed' };
  const timeRange = query.time ?? effectiveTimeRange(app.scope.timeRangeOfFile(uri.toString()), text);
  try {
    return answerOf(await app.runs.runQuietly({ query: text, scope, timeRange, answer: 'across' }, signal));
  } catch (thrown) {
    const { family, message } = toAppError(thrown);
    return family === 'cancelled' ? NOT_ASKED : { told: message, state: 'failed' };
  }
}

function answerOf({ state, completeness, rowCount, error, targets }: Run): Answer {
  if (state === 'failed') return { told: error?.message ?? 'The run failed.', state: 'failed' };
  const whole = state === 'finished' && targets.every((target) => ['answered', 'empty'].includes(target.state));
  return { told: completeness.sentence, rows: rowCount, state: whole ? 'answered' : 'incomplete' };
}
