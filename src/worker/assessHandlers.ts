import { exportAssessment } from '../app/assessmentExport.ts';
import type { Handlers } from '../base/rpc.ts';
import type { AssessmentService } from '../core/assess/assessmentService.ts';
import { soundBaseline } from '../core/baseline/soundBaseline.ts';
import { parseWeights } from '../core/assess/parseWeights.ts';
import { slimAssessment } from '../core/assess/slim.ts';
import type { Estate } from '../model/estate.ts';
import type { AssessContract, AssessmentProgress } from '../protocol/assess.ts';

/** What assessments need of a session. */
interface AssessSession {
  readonly assessments: AssessmentService;
  readonly estate: { load(): Promise<Estate> };
  readonly version: string;
}

/** Architecture fit: assessments stay here, and pages are told what they show. */
export function assessHandlers(
  live: () => AssessSession,
  tell: (progress: AssessmentProgress) => void,
): Handlers<AssessContract> {
  return {
    'assess.run': async ({ scope, weights, baseline }, signal) =>
      slimAssessment(
        await live().assessments.assess({
          scope,
          signal,
          ...(baseline ? { baseline: soundBaseline(baseline) } : {}),
          ...(weights ? { weights: parseWeights(weights.text, weights.label) } : {}),
          progress: ({ done, total, what }) => {
            tell({ done, total, what });
          },
        }),
      ),
    'assess.cancel': () => {
      live().assessments.cancel();
      return null;
    },
    'assess.list': () => live().assessments.list(),
    'assess.open': async ({ id }) => slimAssessment(await live().assessments.open(id)),
    'assess.customer': ({ id, customer }) => live().assessments.customer(id, customer),
    'assess.compare': ({ before, after }) => live().assessments.compare(before, after),
    'assess.export': async ({ id, format, customer, against }) => {
      const { assessments, estate, version } = live();
      const assessment = await assessments.open(id);
      const difference = against === undefined ? undefined : await assessments.compare(against, id);
      return exportAssessment(assessment, await estate.load(), {
        format,
        version,
        ...(customer === undefined ? {} : { customer }),
        ...(difference ? { difference } : {}),
      });
    },
  };
}
