import { AppError } from '../../base/errors.ts';
import { jsFunction } from './define.ts';
import { dynamicValue, type Json } from './json.ts';

/**
 * The hashes of an hll() state (sketches.ts) that still has them all: registers could only be intersected by estimates
 * of estimates.
 */
function hashesOf(state: Json): Set<string> {
  const refused = (what: string): AppError =>
    new AppError('query.unsupported', `dcount_intersect() of ${what} is not supported by the local engine.`);
  if (!Array.isArray(state) || state.length !== 3) throw refused('a value that is no hll() state');
  const [, hashes, registers] = state;
  if (Array.isArray(registers) && registers.length > 0) throw refused('more than 1,024 values');
  return new Set(Array.isArray(hashes) ? hashes.map(String) : []);
}

/**
 * The distinct counts of what the first, the first two, the first three... of a list of hll states have in common, as a
 * JSON array.
 */
export const INTERSECT_HLL = jsFunction('kql_hll_intersect', ['dynamic'], 'dynamic', (states) => {
  const parsed = dynamicValue(states);
  let common: Set<string> | undefined;
  const counts = (Array.isArray(parsed) ? parsed : []).map((state) => {
    const own = hashesOf(state);
    const before = common;
    common = before ? new Set([...before].filter((hash) => own.has(hash))) : own;
    return common.size;
  });
  return JSON.stringify(counts);
});
