import type { Assessment } from '../model/assessment/assessment.ts';

/** Where ended assessments are kept. Rejects with `engine.disk` where the folder cannot be used. */
export interface AssessmentShelf {
  /** Newest first. A file that cannot be read, or of another version, is left out. */
  list(): Promise<readonly Assessment[]>;
  keep(assessment: Assessment): Promise<void>;
}
