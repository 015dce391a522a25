import type { CancelSignal } from '../../base/cancel.ts';
import type { SourceSchema } from '../../kql/scopeSchema.ts';
import type { Scope } from '../../model/scope.ts';
import type { ReadQuery, RunFacts } from '../runs/runFacts.ts';
import type { AgentWorld } from './agentWorld.ts';
import { calling, reaching } from './checkReach.ts';
import { fullName, nobodyAnswered } from './groupedReasons.ts';
import type { Missing } from './groupedReasons.ts';
import type { NarrowedScope } from './narrowScope.ts';

/**
 * The workspaces that told which functions they have: a query means what its functions read. Those that did not tell
 * are not asked, and are missing from the answer. Rejects with `query.reachesOut`.
 */
export async function knownFunctions(
  { scope, workspaces, gaps, estate }: NarrowedScope,
  facts: RunFacts,
  { schemas, readQuery }: Pick<AgentWorld, 'schemas' | 'readQuery'>,
  signal: CancelSignal,
): Promise<{ readonly scope: Scope; readonly unknown: readonly Missing[] }> {
  if (facts.names?.length === 0) return { scope, unknown: [] };
  const told = await schemas.ofWorkspaces(
    workspaces.map(({ key }) => key),
    { signal },
  );
  const outcomes = workspaces.map((workspace) => ({ workspace, outcome: told.get(workspace.key) }));
  await checkFunctions(
    facts,
    outcomes.flatMap(({ outcome }) => (outcome?.ok === true ? [outcome.value] : [])),
    readQuery,
  );
  const silent = outcomes.flatMap(({ workspace, outcome }) => (outcome?.ok === true ? [] : [{ workspace, outcome }]));
  if (silent.length === 0) return { scope, unknown: [] };
  const unknown = silent.map(({ workspace, outcome }) => ({
    who: fullName(workspace, estate),
    why: outcome?.error.message ?? 'It did not tell its tables and functions.',
  }));
  if (silent.length === workspaces.length && gaps.length === 0)
    throw nobodyAnswered(silent[0]?.outcome?.error, unknown);
  const except = silent.map(({ workspace }) => ({ kind: 'workspace' as const, value: workspace.armId }));
  return { scope: { ...scope, except: [...scope.except, ...except] }, unknown };
}

/**
 * Refuses what a stored function of one of the workspaces would read in the name of a query, by functions that it
 * calls, too, and calls of functions that nobody has: what they would read only the service knows. A function is known
 * by its name alone, so one that is only spelt like a column counts.
 */
async function checkFunctions(facts: RunFacts, schemas: Iterable<SourceSchema>, readQuery: ReadQuery): Promise<void> {
  const bodies = new Map<string, Set<string>>();
  for (const { functions = [] } of schemas)
    for (const { name, body } of functions) bodies.set(name, (bodies.get(name) ?? new Set()).add(body));
  const checkCalls = (who: string, { unknownCalls = [] }: RunFacts): void => {
    const unknown = unknownCalls.filter((name) => !bodies.has(name) && !name.startsWith(SERVICES_OWN));
    if (unknown.length > 0) throw calling(who, unknown);
  };
  checkCalls('The query', facts);
  const seen = new Set((facts.names ?? []).map(({ text }) => text));
  for (const name of seen)
    for (const body of bodies.get(name) ?? []) {
      const told = await readQuery(withoutBraces(body));
      // What the parser takes for an error it may have left out of the tree, and what was left out nobody has read.
      const known = told.errors.length === 0 ? told.reachesOut : undefined;
      if (known === undefined || known.length > 0) throw reaching(`The function ${name}`, known ?? []);
      checkCalls(`The function ${name}`, told);
      for (const { text } of told.names ?? []) seen.add(text);
    }
}

/** Begins names of functions that Azure Monitor and Sentinel have in every workspace, told or not: `_GetWatchlist`. */
const SERVICES_OWN = '_';

/** A body is told with or without its braces. */
function withoutBraces(body: string): string {
  return /^\s*\{([^]*)\}\s*$/.exec(body)?.[1] ?? body;
}
