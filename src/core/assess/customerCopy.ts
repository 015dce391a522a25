import type { Assessment, CustomerAssessment, Picture } from '../../model/assessment/assessment.ts';
import type { CheckOutcome, Finding } from '../../model/assessment/findings.ts';
import { hideNames } from './copy/hideNames.ts';
import type { HiddenNames } from './copy/hiddenNames.ts';
import { withoutCounts } from './copy/withoutCounts.ts';

/** Fields whose texts are words of the program, whatever somebody is called. */
const OF_THE_PROGRAM = new Set(
  [
    'id',
    'key',
    'state',
    'kind',
    'check',
    'severity',
    'architecture',
    'best',
    'sign',
    'code',
    'fact',
    'confidence',
  ].concat([
    'side',
    'by',
    'at',
    'timespan',
    'apiVersion',
    'field',
    'undeclared',
    'distributed',
    'central',
    'hybrid',
    'from',
    'to',
  ]),
);

/**
 * One customer's copy of its assessment: nothing of others, no count of them either, no cost of the provider's, and the
 * provider's workspaces under no name. Every text of it is looked at, whoever put it there.
 */
export function customerCopy(
  assessment: Assessment,
  whole: CustomerAssessment,
  names: HiddenNames,
): { readonly assessment: Assessment; readonly customer: CustomerAssessment } {
  const customer = withoutCounts(whole);
  const findings = customer.findings.filter(isForCustomer).map(withoutPlace);
  const told = new Set(findings.map(({ check }) => check));
  const internal = new Set(customer.findings.filter((one) => !isForCustomer(one)).map(({ check }) => check));
  const copy: CustomerAssessment = {
    ...customer,
    // How the provider sorts its customers is its own business.
    groups: [],
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

/** The provider's boxes have no name of their own, and none has its id, which is a resource's. */
function withoutLabels({ places, flows, says }: Picture): Picture {
  // A flow may begin at a place itself, which is called by its part in the picture.
  const ids = new Map<string, string>(places.map(({ id }) => [id, id]));
  for (const { id } of places.flatMap(({ boxes }) => boxes))
    if (!ids.has(id)) ids.set(id, /^[a-z]+$/i.test(id) ? id : `box${ids.size + 1}`);
  return {
    says,
    places: places.map((place) => ({
      ...place,
      boxes: place.boxes.map((box) => ({
        ...box,
        id: ids.get(box.id)!,
        ...(place.provider ? { label: 'workspace' } : {}),
      })),
    })),
    flows: flows.map(({ from, to, ...flow }) => ({
      ...flow,
      from: ids.get(from) ?? 'elsewhere',
      ...(to === undefined ? {} : { to: ids.get(to) ?? 'elsewhere' }),
    })),
  };
}

/** Every text of a value that is not the program's own through `say`. */
function walk(value: unknown, say: (text: string) => string): unknown {
  if (typeof value === 'string') return say(value);
  if (Array.isArray(value)) return value.map((one) => walk(one, say));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        OF_THE_PROGRAM.has(key) && !isObject(inner) ? inner : walk(inner, say),
      ]),
    );
  return value;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
