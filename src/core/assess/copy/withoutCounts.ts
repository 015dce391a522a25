import type { CustomerAssessment, Picture } from '../../../model/assessment/assessment.ts';
import type { ClaimHere, CriterionResult } from '../../../model/assessment/verdict.ts';
import { verdictSentence } from '../fit/sentences.ts';

/** Criteria and claims that speak of the provider's whole estate. */
const OF_THE_ESTATE: ReadonlySet<string> = new Set(['estateSize', 'manyTenants', 'noAnalysisAcross']);

/**
 * The same assessment without what counts others: how large the estate is, how many customers share a workspace, and
 * how many rows of everybody lie there. The sentence is made again of the reasons that are left.
 */
export function withoutCounts(customer: CustomerAssessment): CustomerAssessment {
  const criteria = customer.fit.criteria.filter(({ id }) => !OF_THE_ESTATE.has(id)).map(criterionOf);
  const fit = {
    ...customer.fit,
    criteria,
    changes: customer.fit.changes.filter(({ condition }) => !/\bestate\b/i.test(condition)),
  };
  return {
    ...customer,
    sentence: customer.assessed ? verdictSentence(customer.today, fit) : customer.sentence,
    // The line of the provider's table: no report of one customer shows it.
    why: '',
    fit,
    comparison: customer.comparison.filter(({ id }) => !OF_THE_ESTATE.has(id)).map(claimOf),
    pictures: {
      today: pictureOf(customer.pictures.today),
      ...(customer.pictures.fits ? { fits: pictureOf(customer.pictures.fits) } : {}),
    },
  };
}

function criterionOf(one: CriterionResult): CriterionResult {
  if (one.id !== 'separability' || !/where its own lie/.test(one.text)) return one;
  return { ...one, text: "Some of the rows where its own lie cannot be told from another customer's", evidence: [] };
}

function claimOf(claim: ClaimHere): ClaimHere {
  const text = claim.here.text
    .replace(/beside [\d,]+ other customers?/, "beside other customers' rows")
    .replace(/; [\d.,]+ % of all rows there by nothing/, '; some rows there by nothing');
  return { ...claim, here: { ...claim.here, text } };
}

function pictureOf(picture: Picture): Picture {
  return {
    ...picture,
    says: picture.says.replace(/, with logs of [\d,]+ customers/g, ', which it shares'),
    places: picture.places.map((place) => ({
      ...place,
      boxes: place.boxes.map((box) => ({ ...box, detail: box.detail.replace(/^[\d,]+ customers$/, 'shared') })),
    })),
  };
}
