import type { QueryFacts } from '../../kql/analyze.ts';

type Fault = QueryFacts['errors'][number];

/**
 * What a run needs to know of a query before anything is sent, of what the parser says about it without a schema.
 * `errors` are of syntax only: whether a name exists is for each workspace to say. What else is absent could not be
 * told.
 */
export interface RunFacts extends Partial<
  Pick<
    QueryFacts,
    | 'tables'
    | 'unnamedTables'
    | 'rowByRow'
    | 'graphRowByRow'
    | 'sorted'
    | 'instants'
    | 'namesAttribution'
    | 'names'
    | 'reachesOut'
    | 'unknownCalls'
  >
> {
  readonly errors: readonly Pick<Fault, 'message' | 'line' | 'column' | 'start' | 'length'>[];
}

/** Reads a query's facts; the composition root gives Microsoft's parser. Never throws on bad text. */
export type ReadQuery = (query: string) => RunFacts | Promise<RunFacts>;
