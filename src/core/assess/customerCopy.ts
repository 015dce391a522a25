import type { Assessment, CustomerAssessment } from '../../model/assessment/assessment.ts';
import type { CheckOutcome, Finding } from '../../model/assessment/findings.ts';

/** What a provider's workspace is called in a customer's copy. */
const CENTRE = "the provider's workspace";
/** What stands for a text that would name another customer. */
const LEFT_OUT = '(left out: it names somebody else)';

/** Names that must not stand in a copy: of the provider's workspaces, and of everybody else. */
export interface HiddenNames {
  readonly provider: readonly string[];
  readonly others: readonly string[];
}

/**
 * One customer's copy of its assessment: nothing of others, no cost of the provider's, and the provider's workspaces
 * under no name. Every text of it is looked at, whoever put it there.
 */
export function customerCopy(
  assessment: Assessment,
  customer: CustomerAssessment,
  names: HiddenNames,
): { readonly assessment: Assessment; readonly customer: CustomerAssessment } {
  const findings = customer.findings.filter(isForCustomer).map(withoutPlace);
  const told = new Set(findings.map(({ check }) => check));
  const internal = new Set(customer.findings.filter((one) => !isForCustomer(one)).map(({ check }) => check));
  const copy: CustomerAssessment = {
    ...customer,
    findings,
    // A check whose only findings are the provider's own is not told at all.
    checks: customer.checks.filter(({ check }) => !internal.has(check) || told.has(check)).map(outcomeOf),
    pictures: {
      today: withoutLabels(customer.pictures.today),
      ...(customer.pictures.fits ? { fits: withoutLabels(customer.pictures.fits) } : {}),
    },
  };
  const safe = walk(copy, hideNames(names)) as CustomerAssessment;
  return {
    customer: safe,
    assessment: {
      ...assessment,
      scope: '',
      numbers: { customers: 1, tenants: 0, workspaces: customer.numbers.workspaces },
      customers: [safe],
      costs: [],
      weights: {},
    },
  };
}

function isForCustomer({ internal }: Finding): boolean {
  return internal !== true;
}

/** Keys and actions are for the provider's page. */
function withoutPlace({ subject: { kind, name }, ...finding }: Finding): Finding {
  return { ...finding, subject: { kind, name }, actions: [] };
}

function outcomeOf(outcome: CheckOutcome): CheckOutcome {
  return {
    ...outcome,
    findings: outcome.findings.filter(isForCustomer).map(withoutPlace),
    unknown: outcome.unknown.map(({ subject: { kind, name }, fact, error: { code, message, retryable } }) => ({
      subject: { kind, name },
      fact,
      error: { code, message, retryable },
    })),
  };
}

/** The provider's boxes have no name of their own. */
function withoutLabels(picture: CustomerAssessment['pictures']['today']): CustomerAssessment['pictures']['today'] {
  return {
    ...picture,
    places: picture.places.map((place) =>
      place.provider ? { ...place, boxes: place.boxes.map((box) => ({ ...box, label: 'workspace' })) } : place,
    ),
  };
}

/** Takes the provider's names out of a text; a text that names another customer goes as a whole. */
function hideNames({ provider, others }: HiddenNames): (text: string) => string {
  const own = pattern(provider, 'gi');
  const foreign = pattern(others, 'i');
  return (text) => {
    if (foreign?.test(text) === true) return LEFT_OUT;
    return own ? text.replace(own, CENTRE) : text;
  };
}

/** Any of these names as a word of its own, longest first. */
function pattern(names: readonly string[], flags: string): RegExp | undefined {
  const words = [...new Set(names)].filter((name) => name.length > 2).sort((a, b) => b.length - a.length);
  if (words.length === 0) return undefined;
  const escaped = words.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<![\\w-])(?:${escaped.join('|')})(?![\\w-])`, flags);
}

/** Every text of a value, its names of fields too, through `say`. */
function walk(value: unknown, say: (text: string) => string): unknown {
  if (typeof value === 'string') return say(value);
  if (Array.isArray(value)) return value.map((one) => walk(one, say));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [say(key), walk(inner, say)]));
  return value;
}
