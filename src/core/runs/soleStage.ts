import type { AnswerMode, RunStages, Target } from '../../model/run.ts';

/** How an answer is made whose rows are everybody's own: one query, sent to each of these as it is. */
export function soleStage(text: string, asked: readonly Target[], answer: AnswerMode): RunStages {
  return {
    parts: [
      {
        name: 'query',
        text,
        groups: 1,
        targets: asked.length,
        rows: asked.reduce((sum, { rows }) => sum + rows, 0),
        bytes: asked.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
      },
    ],
    ...(answer === 'across' ? { promise: { kind: 'exact' } } : {}),
  };
}
