import { counted } from '../../base/counted.ts';
import { codeBlock, escapeMarkdown } from '../../base/markdown.ts';
import type { AgentAudience } from '../../model/agentTool.ts';

/** Customers named before a run. */
const NAMED = 10;

/**
 * What a person reads before a model's query runs, and while it does: how many workspaces of whose customers, what is
 * sent, and what goes on from here.
 */
export function confirmText(
  { workspaces, customers }: AgentAudience,
  { query, timeRange, limit }: { readonly query: string; readonly timeRange: string; readonly limit: number },
): { readonly title: string; readonly markdown: string; readonly running: string } {
  const more = customers.length - NAMED;
  const names = customers.slice(0, NAMED).map(escapeMarkdown).join(', ');
  const whose = `of ${counted(customers.length, 'customer')}`;
  const asked = counted(workspaces, 'workspace');
  return {
    title: `Run a query over ${asked} ${whose}?`,
    running: `Running a query over ${asked} ${whose}`,
    markdown: [
      `**${asked}** ${whose}: ${names}${more > 0 ? ` and ${more} more` : ''}`,
      codeBlock(query, 'kusto'),
      `Time range: ${escapeMarkdown(timeRange)}. Up to ${counted(limit, 'row')} of the answer go to the language model, with the names in them.`,
    ].join('\n\n'),
  };
}
