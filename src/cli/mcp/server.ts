import { setMaxListeners } from 'node:events';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppError } from '../../base/errors.ts';
import { AGENT_TOOLS } from '../../core/agents/tools.ts';
import { writeFailure } from '../../core/agents/writeFailure.ts';

/** How long a person may think about a question, milliseconds. */
const ASKING_MS = 10 * 60_000;

/** What one call may use of its client. */
export interface McpCall {
  readonly signal: CancelSignal;
  /** Tells how far the call is, where the client asked to know. */
  readonly progress: (done: number, total: number) => void;
  /** Asks the person, where the client can: whether they agree, or undefined where nobody can be asked. */
  readonly ask: (question: string) => Promise<boolean | undefined>;
}

/** What the server is made of. */
export interface McpEnds {
  readonly version: string;
  /** For the model, before it uses any tool. */
  readonly instructions: string;
  /** The text of an answer. Rejects with an AppError whose message tells the model what to do. */
  readonly call: (name: string, input: unknown, call: McpCall) => Promise<string>;
  /** Hears what became of each call: the name of a tool of ours, its time, and the code of its failure. */
  readonly ended: (name: string, tookMs: number, failure?: AppError) => void;
  readonly signal: CancelSignal;
}

/**
 * Speaks the Model Context Protocol over standard input and output until its client closes them, or `signal` fires.
 * Every call has then ended. The SDK's low level takes our JSON Schemas as they are; its high level wants zod's.
 */
export async function serve({ version, instructions, call, ended, signal }: McpEnds): Promise<void> {
  const { server } = new McpServer(
    { name: 'tenantscope', title: 'Tenantscope', version },
    { capabilities: { tools: {} }, instructions },
  );
  const working = new Set<Promise<unknown>>();
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: AGENT_TOOLS.map(({ name, title, description, inputSchema }) => ({
      name,
      title,
      description,
      inputSchema: JSON.parse(JSON.stringify(inputSchema)) as { type: 'object' },
      annotations: { title, readOnlyHint: true, destructiveHint: false, openWorldHint: true },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra): Promise<CallToolResult> => {
    const begun = Date.now();
    // Every workspace that is asked listens to it: that is no leak worth a warning.
    setMaxListeners(0, extra.signal);
    const token = params._meta?.progressToken;
    const work = call(params.name, params.arguments ?? {}, {
      signal: extra.signal,
      progress: (progress, total) => {
        if (token === undefined) return;
        const message = `${progress} of ${total} workspaces`;
        void extra
          .sendNotification({
            method: 'notifications/progress',
            params: { progressToken: token, progress, total, message },
          })
          // Nobody listens any more: the call is about to be cancelled.
          .catch(() => undefined);
      },
      ask: async (question) => {
        if (!server.getClientCapabilities()?.elicitation?.form) return undefined;
        const { action } = await server.elicitInput(
          { message: question, requestedSchema: { type: 'object', properties: {} } },
          { signal: extra.signal, timeout: ASKING_MS },
        );
        return action === 'accept';
      },
    });
    const name = AGENT_TOOLS.find((tool) => tool.name === params.name)?.name ?? 'unknown';
    working.add(work);
    try {
      const text = await work;
      ended(name, Date.now() - begun);
      return { content: [{ type: 'text', text }] };
    } catch (thrown) {
      const error = toAppError(thrown);
      ended(name, Date.now() - begun, error);
      return { isError: true, content: [{ type: 'text', text: writeFailure(error) }] };
    } finally {
      working.delete(work);
    }
  });
  const closed = new Promise<void>((resolve) => {
    // eslint-disable-next-line unicorn/prefer-add-event-listener -- the SDK has no other way to hear of it
    server.onclose = resolve;
  });
  const close = (): void => {
    void server.close().catch(() => undefined);
  };
  // The SDK's transport does not hear that its client has gone.
  process.stdin.once('end', close).once('close', close);
  signal.addEventListener('abort', close);
  await server.connect(new StdioServerTransport());
  if (signal.aborted) close();
  await closed;
  await Promise.allSettled(working);
}
