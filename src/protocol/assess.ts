import type {
  Assessment,
  AssessmentDifference,
  AssessmentHead,
  CustomerAssessment,
} from '../model/assessment/assessment.ts';
import type { CustomerKey } from '../model/ids.ts';
import type { Scope } from '../model/scope.ts';
import { HOUR, MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** How far an assessment is: so many of so many questions are answered; `what` says which one was last. */
export interface AssessmentProgress {
  readonly done: number;
  readonly total: number;
  readonly what: string;
}

/** Forms of a report. */
export type ReportFormat = 'html' | 'md' | 'json' | 'sarif';

/** A file of the repository: what errors call it, and its text. */
export interface NamedText {
  readonly label: string;
  readonly text: string;
}

/** Architecture fit. Assessments come slim (`slimAssessment`); a customer's whole diagnosis is asked for by name. */
export type AssessContract = {
  requests: {
    /** `weights` and `baseline` are texts of the provider's files, with their names. */
    'assess.run': {
      input: { scope: Scope; weights?: NamedText; baseline?: NamedText };
      output: Assessment;
    };
    /** The running one ends with what was measured by then. */
    'assess.cancel': { input: null; output: null };
    /** Newest first. */
    'assess.list': { input: null; output: readonly AssessmentHead[] };
    'assess.open': { input: { id: string }; output: Assessment };
    'assess.customer': { input: { id: string; customer: CustomerKey }; output: CustomerAssessment };
    'assess.compare': { input: { before: string; after: string }; output: AssessmentDifference };
    /**
     * A report's text: of one customer, as the copy that may go there, or of all of them for the provider. `against`
     * names an earlier assessment whose difference an HTML of the estate tells.
     */
    'assess.export': {
      input: { id: string; format: ReportFormat; customer?: CustomerKey; against?: string };
      output: string;
    };
  };
  events: { 'assess.progress': AssessmentProgress };
};

/** How long each request may take: a thousand workspaces within the quotas of Azure take their time. */
export const ASSESS_DEADLINES: Deadlines<AssessContract> = {
  'assess.run': 3 * HOUR,
  'assess.cancel': MINUTE,
  'assess.list': MINUTE,
  'assess.open': MINUTE,
  'assess.customer': MINUTE,
  'assess.compare': MINUTE,
  'assess.export': 5 * MINUTE,
};
