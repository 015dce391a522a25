import type { AppErrorData } from '../base/errors.ts';
import type { PerArchitecture } from '../model/assessment/verdict.ts';
import type { CustomerKey, TenantId, WorkspaceKey } from '../model/ids.ts';
import type {
  ComingAnswers,
  ComingCustomer,
  OnboardingDefaults,
  OnboardingFile,
  OnboardingProblem,
  OnboardingState,
} from '../model/onboarding.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** A file of the repository as it is in the editor, or as it is saved. */
export interface RepositoryText {
  /** As people call it, in what is wrong with it. */
  readonly label: string;
  readonly text: string;
}

/** A customer of the file, and how far it came as its journal tells; `state` absent where nobody has begun. */
export interface ComingRow {
  readonly customer: ComingCustomer;
  readonly state?: OnboardingState;
  /** Begun, and ended by a crash: what came of it only the next attempt finds out. */
  readonly interrupted: boolean;
  /** When something was written down last, ISO 8601. */
  readonly last?: string;
}

/** A file of customers to come, as a wizard begins with it. */
export interface ComingView {
  readonly customers: readonly ComingRow[];
  readonly offers: boolean;
  readonly defaults: OnboardingDefaults;
  readonly patterns: OnboardingFile['patterns'];
  readonly problems: readonly OnboardingProblem[];
}

/** One customer's onboarding, or its end, as far as it is: kept by the worker under `id`, and shown as one document. */
export interface CustomerPaper {
  readonly id: string;
  /** Of the customer in the file; of one that is let go, in the estate. */
  readonly key: string;
  readonly name: string;
  readonly title: string;
  /** `planned` can be carried out; everything else is to be read. */
  readonly state: OnboardingState;
  /** The document, whole. */
  readonly text: string;
  /** Its folder, an absolute path. */
  readonly folder: string;
  /** Files for the customer's administrator, by their names in the folder. */
  readonly handedOver: readonly string[];
  /** What that administrator has to do, as text to send. */
  readonly request?: string;
  /** The workspace that is there now. */
  readonly workspace?: WorkspaceKey;
  /** What has to be typed before it is carried out. */
  readonly typed?: string;
  readonly error?: AppErrorData;
}

/** Onboarding customers from the editor, and letting them go: the same flow that the command line has. */
export type OnboardingContract = {
  requests: {
    /** `folder`: where the folders of customers are, an absolute path. */
    'onboarding.read': { input: { text: string; folder: string }; output: ComingView };
    /** The tenant of an id or a domain, and its name where it was seen; null where there is none. */
    'onboarding.tenant': { input: { text: string }; output: { id: TenantId; name?: string } | null };
    /** What the latest assessment says of each architecture for a customer; null where it does not know it. */
    'onboarding.advice': {
      input: Pick<ComingCustomer, 'name' | 'key' | 'tenant'>;
      output: PerArchitecture<string> | null;
    };
    /** The text of the file with one customer more. Rejects with `input.onboarding`. */
    'onboarding.add': { input: { text: string; answers: ComingAnswers }; output: { text: string; key: string } };
    /** Looks at customers of the file by their keys, and changes nothing; what one meets is in its own paper. */
    'onboarding.prepare': {
      input: {
        text: string;
        keys: readonly string[];
        folder: string;
        baseline?: RepositoryText;
        /** The customers file of the repository, where it has one: an absolute path. */
        customers?: string;
      };
      output: CustomerPaper[];
    };
    /** Carries out what was prepared, verifies it, brings what was agreed. Rejects with `input.planUnknown`. */
    'onboarding.finish': { input: { id: string }; output: CustomerPaper };
    /** The person's word on what `onboarding.agreed` told. */
    'onboarding.agree': { input: { id: string; yes: boolean }; output: null };
    'onboarding.cancel': { input: { id: string }; output: null };
    /** Writes down what is there of a customer, and plans the end of our access; locks of `baseline` are ours. */
    'onboarding.planOffboarding': {
      input: { customer: CustomerKey; folder: string; baseline?: RepositoryText };
      output: CustomerPaper;
    };
    /** Rejects with `input.planUnknown` and `input.notConfirmed`. */
    'onboarding.offboard': { input: { id: string; typed: string }; output: CustomerPaper };
  };
  events: {
    /** `text`: the document as it is by now. */
    'onboarding.progress': { id: string; message: string; text: string };
    /** What the baseline agrees beyond the workspace, to be read and answered by `onboarding.agree`. */
    'onboarding.agreed': { id: string; text: string };
  };
};

/** How long each request may take; what is carried out takes what the service takes. */
export const ONBOARDING_DEADLINES: Deadlines<OnboardingContract> = {
  'onboarding.read': MINUTE,
  'onboarding.tenant': MINUTE,
  'onboarding.advice': MINUTE,
  'onboarding.add': MINUTE,
  'onboarding.prepare': 30 * MINUTE,
  'onboarding.finish': Infinity,
  'onboarding.agree': MINUTE,
  'onboarding.cancel': MINUTE,
  'onboarding.planOffboarding': 10 * MINUTE,
  'onboarding.offboard': Infinity,
};
