import { toAppError } from '../../../base/errors.ts';
import type { Fact, FactName, Measurement } from '../../../model/assessment/facts.ts';
import type { CheckOutcome, Finding, FindingSubject, Severity, Unknown } from '../../../model/assessment/findings.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';

/** A finding before its check's own words are added: what is not said is as the check says it. */
export type Found = Omit<Finding, 'check' | 'why' | 'remedy' | 'actions'> &
  Partial<Pick<Finding, 'why' | 'remedy' | 'actions'>>;

/** What a check says of one customer. Nothing found and nothing unknown is passed. */
export interface Judgement {
  readonly findings: readonly Found[];
  readonly unknown: readonly Unknown[];
  /** Why there is nothing here that the check could look at; absent where there is. */
  readonly notApplicable?: string;
}

/**
 * One check: a file of its own in this folder, named by its id, that exports it under that name. Adding one touches no
 * other file: `npm run checks` writes the list.
 */
export interface Check {
  readonly id: string;
  /** What is well where it passes: "No daily cap stops the logs". */
  readonly title: string;
  /** The worst it can find. */
  readonly severity: Severity;
  /** Exactly when it finds something, with its numbers: the documentation is made of this. */
  readonly rule: string;
  readonly why: string;
  readonly remedy: string;
  /** The facts it looks at. */
  readonly facts: readonly FactName[];
  /** Pure, and total: a fact that is not known becomes `unknown`, never nothing. */
  readonly judge: (customer: CustomerFacts) => Judgement;
}

/** Judges one customer by one check. A check that fails has looked at nothing: it is unknown, and the others go on. */
export function runCheck(check: Check, customer: CustomerFacts): CheckOutcome {
  const { findings, unknown, notApplicable } = attempt(check, customer);
  const { id, title, why, remedy } = check;
  return {
    check: id,
    title,
    state:
      findings.length > 0
        ? 'found'
        : unknown.length > 0
          ? 'unknown'
          : notApplicable === undefined
            ? 'passed'
            : 'notApplicable',
    findings: findings.map((found) => ({
      why,
      remedy,
      actions: [],
      ...found,
      evidence: found.evidence.map(({ text, measured }) => ({ text, measured: measurementOf(measured) })),
      check: id,
    })),
    unknown,
    ...(notApplicable === undefined ? {} : { because: notApplicable }),
  };
}

function attempt({ judge, facts }: Check, customer: CustomerFacts): Judgement {
  try {
    return judge(customer);
  } catch (thrown) {
    const subject: FindingSubject = { kind: 'customer', name: customer.customer.name };
    return { findings: [], unknown: [{ subject, fact: facts[0] ?? 'usage', error: toAppError(thrown).toData() }] };
  }
}

/** How a fact was had, without its value: a finding is kept and shown, and a shared workspace's fact holds more. */
function measurementOf({ source, at, ms, calls, leftOut }: Measurement): Measurement {
  return { source, at, ms, calls, ...(leftOut ? { leftOut } : {}) };
}

/** The value of a fact where it is known; where it is not, `unknown` is told and there is no value. */
export function known<V>(fact: Fact<V>, name: FactName, subject: FindingSubject, unknown: Unknown[]): V | undefined {
  if (fact.state === 'known') return fact.value;
  unknown.push({ subject, fact: name, error: fact.error });
  return undefined;
}
