import { writeAnswer } from '../../core/agents/writeAnswer.ts';
import type { AgentAnswer } from '../../model/agentTool.ts';

/**
 * The text of an answer with as much of its list as `budget` tokens hold, by the model's own count. What is no list
 * (how complete it is, who is missing) is told whatever it takes: rows without it would mislead.
 */
export async function fitTokens(
  answer: AgentAnswer,
  budget: number,
  countTokens: (text: string) => PromiseLike<number>,
): Promise<string> {
  const fits = async (count: number): Promise<boolean> => (await countTokens(writeAnswer(answer, count))) <= budget;
  let [holds, tooMany] = [0, answer.list.items.length + 1];
  if (await fits(tooMany - 1)) holds = tooMany - 1;
  else
    for (tooMany--; tooMany - holds > 1;) {
      const middle = Math.floor((holds + tooMany) / 2);
      if (await fits(middle)) holds = middle;
      else tooMany = middle;
    }
  return writeAnswer(answer, holds);
}
