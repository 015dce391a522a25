import { AppError } from '../../base/errors.ts';
import type { AgentAnswer, AgentToolName } from '../../model/agentTool.ts';
import type { AgentCall, AgentWorld } from './agentWorld.ts';
import { describeSchema } from './describeSchema.ts';
import { explainQuery } from './explainQuery.ts';
import { listEstate } from './listEstate.ts';
import { readInput } from './readInput.ts';
import type { AgentInput } from './readInput.ts';
import { runQuery } from './runQuery.ts';
import { AGENT_TOOLS } from './tools.ts';
import { boundAnswer } from './writeAnswer.ts';

type Answering = (world: AgentWorld, input: AgentInput, call: AgentCall) => Promise<AgentAnswer>;

const ANSWERS: Readonly<Record<AgentToolName, Answering>> = { listEstate, describeSchema, explainQuery, runQuery };

/**
 * One call of a tool by a model: its answer, within what one answer may be. Rejects with an AppError whose message
 * tells the model what to do; with `input.tool` for what is no tool or no input of it.
 */
export async function callTool(world: AgentWorld, name: string, input: unknown, call: AgentCall): Promise<AgentAnswer> {
  const tool = AGENT_TOOLS.find((one) => one.name === name);
  if (!tool)
    throw new AppError(
      'input.tool',
      `There is no tool "${name.slice(0, 40)}", there are ${AGENT_TOOLS.map((one) => one.name).join(', ')}.`,
    );
  return boundAnswer(await ANSWERS[tool.name](world, readInput(tool, input), call));
}
