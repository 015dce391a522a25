import type { Requirement } from '../../../model/assessment/declared.ts';
import { REQUIREMENTS } from '../../../model/assessment/declared.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import type {
  Architecture,
  Confidence,
  CriterionResult,
  Fit,
  PerArchitecture,
  TodayState,
} from '../../../model/assessment/verdict.ts';
import { ARCHITECTURES } from '../../../model/assessment/verdict.ts';
import type { Criterion } from './criterion.ts';
import { DECLARED_CRITERIA } from './declaredCriteria.ts';
import { MEASURED_CRITERIA } from './measuredCriteria.ts';
import WEIGHTS from './weights.json' with { type: 'json' };

/** The weight of each criterion, by its id. */
export type Weights = Readonly<Record<string, number>>;

/** The product's own weights. A provider's file may change them. */
export const DEFAULT_WEIGHTS: Weights = WEIGHTS;

/** All criteria, the declared ones first. */
export const CRITERIA: readonly Criterion[] = [...DECLARED_CRITERIA, ...MEASURED_CRITERIA];

/** Below this part of the weight nobody can say what fits. */
const LEAST_KNOWN = 0.3;

/** How well each architecture fits, without what would change it (`whatIf` adds that). */
export function judgeFit(customer: CustomerFacts, today: TodayState, weights: Weights): Omit<Fit, 'changes'> {
  const criteria = CRITERIA.map((criterion): CriterionResult => {
    const { id, title } = criterion;
    const weight = weights[id] ?? 0;
    const said = criterion.judge(customer);
    return { id, title, weight, evidence: [], ...said };
  });
  const known = criteria.filter((one) => one.serves !== undefined && one.weight > 0);
  const all = criteria.reduce((sum, { weight }) => sum + weight, 0);
  const weight = known.reduce((sum, one) => sum + one.weight, 0);
  const share = all === 0 ? 0 : weight / all;
  const missing = undeclaredOf(customer);
  const base = { criteria, confidence: confidenceOf(share), undeclared: missing };
  if (share < LEAST_KNOWN) return base;
  const score = (architecture: Architecture): number =>
    Math.round((100 * known.reduce((sum, one) => sum + one.weight * one.serves![architecture], 0)) / weight);
  const scores = {
    distributed: score('distributed'),
    central: score('central'),
    hybrid: score('hybrid'),
  };
  return { ...base, scores, best: bestOf(scores, today) };
}

/** So many points are no reason to move: the facts and weights are not that exact. */
const LEAST_GAIN = 5;

/** The best; of those that are about as good the one that is there today, for nobody moves for nothing. */
export function bestOf(scores: PerArchitecture<number>, today: TodayState): Architecture {
  const most = Math.max(...ARCHITECTURES.map((one) => scores[one]));
  const stays = ARCHITECTURES.find((one) => one === today && most - scores[one] < LEAST_GAIN);
  return stays ?? ARCHITECTURES.find((one) => scores[one] === most)!;
}

/** What nobody declared of a customer. */
export function undeclaredOf({ customer }: CustomerFacts): readonly Requirement[] {
  return REQUIREMENTS.filter((name) => customer.declared?.[name] === undefined);
}

function confidenceOf(share: number): Confidence {
  return share >= 0.8 ? 'high' : share >= 0.55 ? 'medium' : 'low';
}
