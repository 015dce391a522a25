import { AppError } from '../../base/errors.ts';
import { withValues } from '../../kql/queryFiles/prepareQuery.ts';
import { effectiveTimeRange } from '../../model/timeRange.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import type { App } from '../platform/app.ts';
import type { QueryOrigin, WrittenQuery } from '../session/fault.ts';
import { askParameters } from './askParameters.ts';
import type { GivenValues } from './askParameters.ts';
import type { ChosenQuery } from './chosenQuery.ts';

/** A query that can be sent: its parameters have values. */
export interface ReadyQuery extends ChosenQuery {
  /** What is sent, comments and all: who sends it takes them off. */
  readonly ready: string;
  readonly timeRange: TimeRange;
  readonly origin: QueryOrigin;
}

/**
 * Asks for the values of a query's parameters where it has some. Undefined where the person gave up. Rejects with
 * `input.file` where its file says that it cannot be run as it is.
 */
export async function readyQuery(app: App, chosen: ChosenQuery, given: GivenValues): Promise<ReadyQuery | undefined> {
  const { document, query, text, inside } = chosen;
  const uri = document.uri.toString();
  if (query.refusal) throw new AppError('input.file', `This query cannot be run: ${query.refusal} Nothing was sent.`);
  const values = query.parameters.length === 0 ? new Map() : await askParameters(uri, query.parameters, given);
  if (!values) return undefined;
  const { text: ready, edits } = withValues(query, values);
  const written: WrittenQuery | undefined =
    inside || edits.length > 0
      ? { raw: rawOf(chosen), edits, segments: query.segments, file: document.getText() }
      : undefined;
  const { line, character } = document.positionAt(chosen.start);
  const origin = { uri, name: document.uri.path.split('/').at(-1) ?? uri, start: chosen.start, line, character };
  return {
    ...chosen,
    ready,
    // A rule that says how far back it looks means it, whatever the document's range is.
    timeRange: query.time ?? effectiveTimeRange(app.scope.timeRange(document), text),
    origin: written ? { ...origin, written } : origin,
  };
}

function rawOf({ document, query: { place } }: ChosenQuery): string {
  return document.getText().slice(place.start, place.start + place.length);
}
