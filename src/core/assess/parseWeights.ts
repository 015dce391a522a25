import { AppError } from '../../base/errors.ts';
import { parsePlacedJson } from '../customers/placedJson.ts';
import { DEFAULT_WEIGHTS } from './fit/judgeFit.ts';
import type { Weights } from './fit/judgeFit.ts';

/** No weight may drown all the others. */
const MOST = 100;

/**
 * A provider's weights over the product's own: `{"weights": {"residency": 20}}`, each a number from 0 to 100. `file` is
 * what errors call it. Throws `input.weights` with the line: a weight that is not understood would change every
 * verdict.
 */
export function parseWeights(text: string, file: string): Weights {
  const { root, errors } = parsePlacedJson(text);
  const refuse = (line: number, message: string): never => {
    throw new AppError('input.weights', `${file}:${line}: ${message}`);
  };
  const [error] = errors;
  if (error) return refuse(error.line, error.message);
  const entry = root?.kind === 'object' ? root.entries.find(({ key }) => key === 'weights') : undefined;
  if (!entry || entry.value.kind !== 'object')
    return refuse(entry?.line ?? 1, 'A file of weights is {"weights": {"residency": 20, ...}}.');
  const weights: Record<string, number> = { ...DEFAULT_WEIGHTS };
  for (const { key, line, value } of entry.value.entries) {
    if (!Object.hasOwn(DEFAULT_WEIGHTS, key))
      refuse(line, `"${key}" is no criterion; use ${Object.keys(DEFAULT_WEIGHTS).join(', ')}.`);
    if (value.kind !== 'value' || typeof value.value !== 'number' || !(value.value >= 0 && value.value <= MOST))
      return refuse(line, `The weight of "${key}" is a number from 0 to ${MOST}.`);
    weights[key] = value.value;
  }
  return weights;
}
