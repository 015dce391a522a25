import { randomUUID } from 'node:crypto';
import { AssessmentService } from '../core/assess/assessmentService.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import type { AssessmentShelf } from '../ports/shelf.ts';
import type { Services } from './services.ts';

/** Assessments of the estate of `services`; kept on `shelf`, or only as long as the program runs. */
export function openAssessments(
  services: Pick<Services, 'logs' | 'directory' | 'estate' | 'scheduler' | 'assessment' | 'customers' | 'baseline'>,
  shelf?: AssessmentShelf,
): AssessmentService {
  return new AssessmentService({
    logs: services.logs,
    assess: services.assessment,
    directory: services.directory,
    scheduler: services.scheduler,
    estate: services.estate,
    customers: services.customers,
    baseline: services.baseline,
    clock: SYSTEM_CLOCK,
    newId: randomUUID,
    ...(shelf ? { shelf } : {}),
  });
}
