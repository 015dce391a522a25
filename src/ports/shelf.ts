import type { Assessment, AssessmentHead } from '../model/assessment/assessment.ts';

/** Where ended assessments are kept. Rejects with what the system said where the place cannot be used. */
export interface AssessmentShelf {
  /** Newest first. What cannot be read, or is of another version, is left out. */
  list(): Promise<readonly AssessmentHead[]>;
  /** Undefined where it is not kept, or not any more. */
  open(id: string): Promise<Assessment | undefined>;
  keep(assessment: Assessment): Promise<void>;
}
