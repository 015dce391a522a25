import type { AgentAnswer } from '../../model/agentTool.ts';
import type { AgentCall, AgentWorld } from './agentWorld.ts';
import { checkReach } from './checkReach.ts';
import { groupedReasons } from './groupedReasons.ts';
import { audienceOf, narrowScope } from './narrowScope.ts';
import type { AgentInput } from './readInput.ts';
import { LONGEST, shortened } from './writeAnswer.ts';

/** Targets told by name for each text. */
const NAMED = 10;

/** What a run of the query would send to whom, and what is made of it here. */
export async function explainQuery(
  { estate, runs, readQuery }: AgentWorld,
  { query, scope, timeRange, answer }: AgentInput,
  { scope: given, signal, allow }: AgentCall,
): Promise<AgentAnswer> {
  await checkReach(query, readQuery);
  const narrowed = narrowScope(given, scope, await estate.load({ signal }));
  await allow?.({ tool: 'explainQuery', ...audienceOf(narrowed) });
  const request = { query, scope: narrowed.scope, source: 'workspaces', timeRange, answer } as const;
  const told = await (await runs()).explain(request, signal);
  const sent = told.parts.flatMap(({ name, columns, texts, lacking, leftOut = [] }) =>
    texts.map(({ text, targets }) => ({
      part: name,
      text: shortened(text, 4 * LONGEST.cell),
      workspaces: targets.length,
      to: targets.slice(0, NAMED),
      ...(targets.length > NAMED ? { toNotNamed: targets.length - NAMED } : {}),
      ...(columns ? { comesBack: columns.slice(0, 100).map((column) => `${column.name}: ${column.type}`) } : {}),
      ...(lacking.length > 0 ? { withoutTheTables: lacking.length } : {}),
      ...(leftOut.length > 0 ? { leftOutByTheQuery: leftOut.length } : {}),
    })),
  );
  const missing = groupedReasons(told.problems.map(({ target, message }) => ({ who: target, why: message })));
  return {
    facts: {
      answer: told.answer,
      ...(told.perWorkspaceNote ? { notes: [told.perWorkspaceNote.sentence] } : {}),
      ...(told.promise ? { promise: told.promise } : {}),
      ...(told.local === undefined ? {} : { madeOfItHere: shortened(told.local, 4 * LONGEST.cell) }),
      ...(missing.length > 0 ? { notAsked: missing } : {}),
    },
    list: { name: 'sent', items: sent, total: sent.length, more: 'Narrow "scope" to fewer workspaces.' },
  };
}
