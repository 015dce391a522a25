import type { Assessment, AssessmentDifference, CustomerAssessment } from '../model/assessment/assessment.ts';
import type { FactSource } from '../model/assessment/facts.ts';
import type { FindingAction } from '../model/assessment/findings.ts';
import type { AssessmentProgress } from './assess.ts';

/** What the assessment's page shows: a whole snapshot, sent on every change. */
export interface AssessmentPageView {
  /** The latest assessment, slim; absent before the first. */
  readonly assessment?: Assessment;
  readonly difference?: AssessmentDifference;
  /** Present while one is being made. */
  readonly progress?: AssessmentProgress;
  /** Why the last one was not made. */
  readonly error?: string;
}

/** What the assessment's page may ask. Each is one thing it can do; it never names a command. */
export type AssessmentHost = {
  requests: {
    ready: { input: { version: 1 }; output: { view: AssessmentPageView; customer?: string } };
    customer: { input: { assessment: string; customer: string }; output: CustomerAssessment };
    assess: { input: null; output: null };
    cancel: { input: null; output: null };
    compare: { input: null; output: null };
    /** Of one customer, its copy; else of all. */
    export: { input: { assessment: string; customer?: string }; output: null };
    /** What gave a fact, of the evidence of this customer. */
    openSource: { input: { assessment: string; customer: string; source: FactSource }; output: null };
    /** An action of one of its findings, which opens what shows a plan first. */
    act: { input: { assessment: string; customer: string; action: FindingAction }; output: null };
    copy: { input: { text: string }; output: null };
  };
  events: {
    view: AssessmentPageView;
    /** Somebody wants to see a customer (or, without one, the estate). */
    show: { readonly customer?: string };
  };
};
