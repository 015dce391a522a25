import { CancellationError, LanguageModelTextPart, LanguageModelToolResult, MarkdownString, lm } from 'vscode';
import type { LanguageModelTool, PreparedToolInvocation } from 'vscode';
import { AppError, toAppError } from '../../base/errors.ts';
import { audienceOf, narrowScope } from '../../core/agents/narrowScope.ts';
import type { NarrowedScope } from '../../core/agents/narrowScope.ts';
import { readInput } from '../../core/agents/readInput.ts';
import { AGENT_TOOLS } from '../../core/agents/tools.ts';
import { writeAnswer } from '../../core/agents/writeAnswer.ts';
import { writeFailure } from '../../core/agents/writeFailure.ts';
import type { AgentTool } from '../../model/agentTool.ts';
import type { Scope } from '../../model/scope.ts';
import { effectiveTimeRange } from '../../model/timeRange.ts';
import { timeRangeLabel } from '../../model/timeRangeText.ts';
import type { App } from '../platform/app.ts';
import { readConfidentiality } from '../platform/settings.ts';
import { toSignal } from '../platform/cancel.ts';
import { confirmText } from './confirmText.ts';
import { fitTokens } from './fitTokens.ts';
import { ShownScopes } from './shownScopes.ts';

/**
 * The tools of language models in VS Code. They ask within the scope of the window, which the status bar shows; a query
 * runs over exactly the workspaces that the person was shown before.
 */
export function registerAgents(app: App): void {
  for (const tool of AGENT_TOOLS) app.store.add(lm.registerTool(`tenantscope_${tool.name}`, toolOf(app, tool)));
}

function toolOf(app: App, tool: AgentTool): LanguageModelTool<object> {
  const shown = new ShownScopes();
  const asks = tool.name === 'runQuery';
  /** Whom the call would ask now. Rejects with why it cannot be told. */
  const narrow = async (scope: string | undefined): Promise<NarrowedScope> =>
    narrowScope(givenScope(app), scope, await app.estate.ensure());
  return {
    prepareInvocation: async ({ input }): Promise<PreparedToolInvocation> => {
      if (!asks) return { invocationMessage: `${tool.title} (Tenantscope)` };
      try {
        const { scope: wanted, query, timeRange, limit } = readInput(tool, input);
        const narrowed = await narrow(wanted);
        shown.show(input, narrowed.scope);
        const range = timeRangeLabel(effectiveTimeRange(timeRange, query));
        const { title, markdown, running } = confirmText(audienceOf(narrowed), { query, timeRange: range, limit });
        return {
          invocationMessage: running,
          confirmationMessages: { title, message: new MarkdownString(markdown) },
        };
      } catch {
        // The call itself says why; it runs nothing that was not shown.
        return { invocationMessage: `${tool.title} (Tenantscope)` };
      }
    },
    invoke: async ({ input, tokenizationOptions: tokens }, token) => {
      try {
        const scope = asks
          ? await agreed(shown.take(input), () => narrow(readInput(tool, input).scope))
          : givenScope(app);
        const request = { tool: tool.name, input, scope, confidentiality: readConfidentiality() };
        const answer = await app.worker.request('agents.call', request, { signal: toSignal(token) });
        const text = tokens
          ? await fitTokens(answer, tokens.tokenBudget, (part) => tokens.countTokens(part, token))
          : writeAnswer(answer);
        return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
      } catch (thrown) {
        if (token.isCancellationRequested) throw new CancellationError();
        const error = toAppError(thrown);
        if (error.family !== 'cancelled') app.log.failure(`agents.${tool.name}`, error);
        throw new Error(writeFailure(error), { cause: thrown });
      }
    },
  };
}

/** The scope of the window. Throws `input.scopeLine` where it cannot be read. */
function givenScope(app: App): Scope {
  const { scope, error } = app.scope.get();
  if (error)
    throw new AppError(
      'input.scopeLine',
      'The scope line of the open query cannot be read. Ask the person to mend it. Nothing was sent.',
    );
  return scope;
}

/** The scope that was shown, else the reason why none could be. */
async function agreed(shown: Scope | undefined, narrow: () => Promise<unknown>): Promise<Scope> {
  if (shown) return shown;
  await narrow();
  throw new AppError('input.notShown', 'The person has not been shown yet whom this asks. Call the tool again.');
}
