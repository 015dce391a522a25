import { bindQuery } from '../../kql/bind/query.ts';
import { queryText } from '../../kql/bind/queryText.ts';
import { GRAPH_COLUMNS, findGraphTable, graphSchema } from '../../kql/graph/graphTables.ts';
import { analyzeQuery } from '../../kql/analyze.ts';
import type { Rel } from '../../kql/plan.ts';
import { inputsOf } from '../../kql/prune.ts';

/** Why the service refuses a query that KQL itself would take: a code of its error details, and its words. */
export interface GraphRefusal {
  readonly code: string;
  readonly message: string;
}

/** Operators of the service: learn.microsoft.com, Azure Resource Graph query language. */
const OPERATORS: ReadonlySet<Rel['kind']> = new Set([
  'table',
  'filter',
  'project',
  'spread',
  'aggregate',
  'distinct',
  'sort',
  'take',
  'union',
  'join',
  'mvExpand',
  'parse',
]);
const FLAVORS: ReadonlySet<string> = new Set(['innerunique', 'inner', 'leftouter', 'fullouter']);
/** Joins and unions of a query, and its expansions, each. */
const MOST = 3;

/** The tables of these names that the service has, in any case. */
export function namesOfTables(query: string): readonly string[] {
  return [...new Set(query.match(/\b[A-Za-z]+\b/g) ?? [])].filter((word) => findGraphTable(word));
}

const KEPT = 200;

/** `findRefusal` that remembers: programs ask the same few questions again and again, and reading one takes a while. */
export function rememberedRefusals(): typeof findRefusal {
  const known = new Map<string, GraphRefusal | undefined>();
  return (query) => {
    if (!known.has(query)) {
      if (known.size >= KEPT) known.clear();
      known.set(query, findRefusal(query));
    }
    return known.get(query);
  };
}

/**
 * What the service refuses of a query, beside what KQL does: it has no `let`, fewer operators and kinds of join, and
 * three joins, unions and expansions at most. Undefined where nothing is, or where KQL itself refuses.
 */
export function findRefusal(query: string): GraphRefusal | undefined {
  const { statements } = analyzeQuery(query);
  if (statements.some(({ kind }) => kind !== 'query')) return { code: 'ParserFailure', message: 'ParserFailure' };
  let all: ReadonlySet<Rel>;
  try {
    const tables = graphSchema(namesOfTables(query)).tables.map(({ name }) => ({ name, columns: GRAPH_COLUMNS }));
    const { results } = bindQuery(queryText(query), { database: { name: 'graph', tables } });
    all = new Set(results.flatMap(({ rel }) => [...below(rel)]));
  } catch {
    return undefined;
  }
  const rels = [...all];
  const other = rels.find(({ kind }) => !OPERATORS.has(kind));
  if (other) return { code: 'ParserFailure', message: 'ParserFailure' };
  const joins = rels.filter((rel) => rel.kind === 'join');
  const flavor = joins.find((rel) => rel.kind === 'join' && !FLAVORS.has(rel.flavor));
  if (flavor?.kind === 'join')
    return {
      code: 'UnsupportedJoinFlavor',
      message: `The join kind "${flavor.flavor}" is not supported or not allowed.`,
    };
  const unions = rels.reduce((sum, rel) => sum + (rel.kind === 'union' ? rel.inputs.length - 1 : 0), 0);
  const expansions = rels.filter(({ kind }) => kind === 'mvExpand').length;
  if (joins.length + unions > MOST || expansions > MOST)
    return {
      code: 'DisallowedMaxNumberOfRemoteTables',
      message: `The query has more than the ${MOST} joins, unions or expansions that are allowed.`,
    };
  return undefined;
}

function below(top: Rel, seen: Set<Rel> = new Set()): ReadonlySet<Rel> {
  if (seen.has(top)) return seen;
  seen.add(top);
  for (const input of inputsOf(top)) below(input, seen);
  return seen;
}
