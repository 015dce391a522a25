import type { AgentAnswer, AgentToolName } from '../model/agentTool.ts';
import type { Confidentiality } from '../model/run.ts';
import type { Scope } from '../model/scope.ts';
import { HOUR } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** What a language model asks by the tools of the editor. */
export type AgentsContract = {
  requests: {
    /**
     * One call of a tool; `input` is as the model wrote it. `scope` is all it may ask: the person has seen it. Rejects
     * with what the model should do.
     */
    'agents.call': {
      input: { tool: AgentToolName; input: unknown; scope: Scope; confidentiality: Confidentiality };
      output: AgentAnswer;
    };
  };
  events: Record<never, never>;
};

/** Milliseconds each of the contract's requests may take: a run takes what its quota makes of it. */
export const AGENTS_DEADLINES: Deadlines<AgentsContract> = { 'agents.call': HOUR };
