import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import { visibleLines, visibleText } from '../../base/visibleText.ts';
import { timeRangeLabel } from '../../model/timeRangeText.ts';
import type { AgentIntent } from '../../core/agents/agentWorld.ts';

/** Customers named in a question. */
const NAMED = 10;

/**
 * Lets a call ask up to `most` workspaces, and more only with the person's word. Rejects with `cancelled.byUser` where
 * they say no, and with `input.tooManyWorkspaces` where nobody can be asked.
 */
export async function allow(
  intent: AgentIntent,
  most: number,
  ask: (question: string) => Promise<boolean | undefined>,
): Promise<void> {
  if (intent.workspaces <= most) return;
  const agreed = await ask(questionOf(intent));
  if (agreed === true) return;
  if (agreed === false)
    throw new AppError(
      'cancelled.byUser',
      'The person does not want that many workspaces to be asked. Narrow "scope", or ask them what to do. Nothing was sent.',
    );
  throw new AppError(
    'input.tooManyWorkspaces',
    `This would ask ${counted(intent.workspaces, 'workspace')}, and ${most.toLocaleString('en-US')} may be asked without the person's word. Narrow "scope", or have the person start the server with a larger --max-workspaces. Nothing was sent.`,
  );
}

/** What a person is asked: how many workspaces of whose customers, and the text that would go there. */
function questionOf({ workspaces, customers, query, timeRange }: AgentIntent): string {
  const names = customers.slice(0, NAMED).map(visibleText).join(', ');
  const more = customers.length - NAMED;
  const whose = `${counted(workspaces, 'workspace')} of ${counted(customers.length, 'customer')}: ${names}${more > 0 ? ` and ${more} more` : ''}`;
  if (query === undefined) return `Ask ${whose} for their tables?`;
  const time = timeRange ? `Time range: ${timeRangeLabel(timeRange)}\n\n` : '';
  return `Run this query over ${whose}?\n\n${time}${visibleLines(query)}`;
}
