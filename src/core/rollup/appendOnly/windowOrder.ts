/** Attempts at a window, versions of the state document, and what tells equal ones apart: 53 bits together. */
const SEQUENCES = 2 ** 20;
const FENCES = 2 ** 24;
const TIES = 2 ** 9;

/** More than any runner has: nothing that was on its way comes before what is ordered with it. */
export const LAST_FENCE = FENCES - 1;

/**
 * The place of a further record of a window whose highest order is `highest` (0 where there is none). First counts that
 * it came later; of two whose writers did not see one another, that the writer's lease was the later one (`fence`); of
 * two that have neither, chance, so that all readers agree. `random` in [0, 1).
 */
export function nextOrder(highest: number, fence: number, random: number): number {
  const sequence = Math.min(Math.floor(highest / (FENCES * TIES)) + 1, SEQUENCES - 1);
  return (sequence * FENCES + Math.min(fence, LAST_FENCE)) * TIES + Math.floor(random * TIES);
}
