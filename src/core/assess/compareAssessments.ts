import type { Assessment, AssessmentDifference, CustomerAssessment } from '../../model/assessment/assessment.ts';
import type { Finding } from '../../model/assessment/findings.ts';

/**
 * What is different between two assessments. A finding is the same where its check and subject are; one of a customer
 * that only one of them knows, or that was not assessed, has neither appeared nor gone.
 */
export function compareAssessments(before: Assessment, after: Assessment): AssessmentDifference {
  const old = byKey(before);
  const now = byKey(after);
  const both = [...now.values()].flatMap((one) => {
    const was = old.get(one.key);
    return was ? [{ was, is: one }] : [];
  });
  const comparable = both.filter(({ was, is }) => was.assessed && is.assessed);
  return {
    before: before.at,
    after: after.at,
    appeared: comparable.flatMap(({ was, is }) => only(is, was)),
    gone: comparable.flatMap(({ was, is }) => only(was, is).filter(({ finding }) => couldLook(is, finding))),
    moved: both.flatMap(({ was, is }) => moved(was, is)),
    newCustomers: [...now.keys()].filter((key) => !old.has(key)),
    goneCustomers: [...old.keys()].filter((key) => !now.has(key)),
  };
}

/** A finding's own name: what it is about, by which check. */
export function findingKey({ check, subject }: Finding): string {
  return [check, subject.kind, subject.workspace ?? '', subject.name].join('\n');
}

function byKey({ customers }: Assessment): ReadonlyMap<CustomerAssessment['key'], CustomerAssessment> {
  return new Map(customers.map((one) => [one.key, one]));
}

function only(
  of: CustomerAssessment,
  not: CustomerAssessment,
): { customer: CustomerAssessment['key']; finding: Finding }[] {
  const known = new Set(not.findings.map(findingKey));
  return of.findings
    .filter((finding) => !known.has(findingKey(finding)))
    .map((finding) => ({ customer: of.key, finding }));
}

/** A finding whose check could not look this time is not gone: nobody knows. */
function couldLook({ checks }: CustomerAssessment, { check, subject }: Finding): boolean {
  const outcome = checks.find((one) => one.check === check);
  return (
    outcome !== undefined &&
    !outcome.unknown.some(
      (one) =>
        // What is unknown of a whole tenant or customer may be unknown of anything in it.
        ['tenant', 'customer'].includes(one.subject.kind) ||
        one.subject.name === subject.name ||
        (one.subject.workspace !== undefined && one.subject.workspace === subject.workspace),
    )
  );
}

function moved(was: CustomerAssessment, is: CustomerAssessment): AssessmentDifference['moved'] {
  const today = was.today.state !== is.today.state;
  const best = was.fit.best !== is.fit.best;
  if (!today && !best) return [];
  return [
    {
      customer: is.key,
      name: is.name,
      ...(today ? { today: { before: was.today.state, after: is.today.state } } : {}),
      ...(best
        ? {
            best: {
              ...(was.fit.best === undefined ? {} : { before: was.fit.best }),
              ...(is.fit.best === undefined ? {} : { after: is.fit.best }),
            },
            scores: {
              ...(was.fit.scores === undefined ? {} : { before: was.fit.scores }),
              ...(is.fit.scores === undefined ? {} : { after: is.fit.scores }),
            },
          }
        : {}),
    },
  ];
}
