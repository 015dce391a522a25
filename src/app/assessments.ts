import { randomUUID } from 'node:crypto';
import { AssessmentService } from '../core/assess/assessmentService.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import { AssessmentFolder } from './assessmentShelf.ts';
import type { Services } from './services.ts';

/** Assessments of the estate of `services`; kept in `folder`, or only as long as the program runs. */
export function openAssessments(
  services: Pick<Services, 'logs' | 'directory' | 'estate' | 'scheduler' | 'assessment' | 'customers'>,
  folder?: string,
): AssessmentService {
  return new AssessmentService({
    logs: services.logs,
    assess: services.assessment,
    directory: services.directory,
    scheduler: services.scheduler,
    estate: services.estate,
    customers: services.customers,
    clock: SYSTEM_CLOCK,
    newId: randomUUID,
    ...(folder === undefined ? {} : { shelf: new AssessmentFolder(folder) }),
  });
}
