import { AppError } from '../../../base/errors.ts';
import { findSourceLine, RUN_SOURCES, sourceLineProblems } from '../../../kql/sourceLine.ts';
import type { RunRequest } from '../../../model/run.ts';

/**
 * The request with what it asks: what the caller says, else the query's own `// @source` line. Resource Graph is sent
 * no time range. Throws `input.sourceLine`, with its place in the query, for a line that names no source.
 */
export function withSource(request: RunRequest): RunRequest {
  const source = request.source ?? ofLine(request.query);
  if (source === 'resourceGraph') return { ...request, source, timeRange: { kind: 'inQuery' } };
  return source === 'lake' ? { ...request, source } : request;
}

function ofLine(query: string): RunRequest['source'] {
  const line = findSourceLine(query);
  if (!line) return undefined;
  const [problem] = line.source ? [] : sourceLineProblems(query);
  if (!problem) return RUN_SOURCES[line.source ?? 'workspaces'];
  const before = query.slice(0, problem.start).split('\n');
  const [row, column] = [before.length, before.at(-1)!.length + 1];
  throw new AppError('input.sourceLine', `${problem.message} (line ${row}, column ${column}). Nothing was sent.`, {
    data: { line: row, column, start: problem.start, length: problem.end - problem.start, said: problem.message },
  });
}
