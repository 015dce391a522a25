/** What is asked of a step to count it. */
interface Skipped<S> {
  skip?(state: Partial<S>): boolean;
}

/**
 * How many boxes a wizard will have shown: those of the way so far, and those to come where what was not answered yet
 * is answered as is `likely`. So the number stays as it is for who answers so.
 */
export function stepsShown<S>(
  steps: readonly Skipped<S>[],
  way: readonly number[],
  state: Partial<S>,
  likely: Partial<S>,
): number {
  const at = Math.max(-1, ...way);
  const then = { ...likely, ...state };
  return steps.filter((step, index) => way.includes(index) || (index > at && !step.skip?.(then))).length;
}
