import type { Handlers } from '../base/rpc.ts';
import type { AgentWorld } from '../core/agents/agentWorld.ts';
import { callTool } from '../core/agents/callTool.ts';
import type { RunService } from '../core/runs/runService.ts';
import { readQuery } from '../core/runs/readQuery.ts';
import type { AgentsContract } from '../protocol/agents.ts';

/** What the tools need of a session. */
interface AgentSession extends Pick<AgentWorld, 'estate' | 'schemas'> {
  readonly runs: RunService;
}

/** The tools of language models. Their runs are runs like any other: the person finds them in the Runs view. */
export function agentHandlers(live: () => AgentSession): Handlers<AgentsContract> {
  return {
    'agents.call': ({ tool, input, ...given }, signal) => {
      const { estate, schemas, runs } = live();
      const world: AgentWorld = { estate, schemas, runs: async () => runs, readQuery, keepsRuns: true };
      return callTool(world, tool, input, { ...given, signal });
    },
  };
}
