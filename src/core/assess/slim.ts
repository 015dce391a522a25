import type { Assessment, AssessmentHead, CustomerAssessment } from '../../model/assessment/assessment.ts';

/**
 * An assessment with what a page of the whole estate shows, and nothing more: a thousand customers with all their
 * evidence would not fit into one message.
 */
export function slimAssessment(assessment: Assessment): Assessment {
  return { ...assessment, customers: assessment.customers.map(slim) };
}

/** What a list says of an assessment. */
export function toHead({ id, at, cloud, scope, customers }: Assessment): AssessmentHead {
  return {
    id,
    at,
    cloud,
    scope,
    customers: customers.length,
    findings: customers.reduce((sum, { findings }) => sum + findings.length, 0),
  };
}

function slim(customer: CustomerAssessment): CustomerAssessment {
  const nothing = { places: [], flows: [], says: '' };
  return {
    ...customer,
    today: { state: customer.today.state, because: [] },
    fit: { ...customer.fit, criteria: [], changes: [] },
    findings: customer.findings.map((one) => ({ ...one, evidence: [], why: '', remedy: '', actions: [] })),
    checks: [],
    comparison: [],
    readers: [],
    pictures: { today: nothing },
  };
}
