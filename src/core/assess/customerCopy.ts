import type { Assessment, CustomerAssessment, Picture } from '../../model/assessment/assessment.ts';
import type { FactSource, Measurement } from '../../model/assessment/facts.ts';
import type { Evidence, Finding } from '../../model/assessment/findings.ts';
import type { WorkspaceKey } from '../../model/ids.ts';

/** What a provider's workspace is called in a customer's copy. */
const CENTRE = "the provider's workspace";

/**
 * One customer's copy of its assessment: nothing of others, no cost of the provider's, and the provider's workspaces
 * under no name. `names` are the names, ids and keys of the provider's workspaces and of every other customer: what
 * still holds one of them is left out, whatever it is.
 */
export function customerCopy(
  assessment: Assessment,
  customer: CustomerAssessment,
  names: { readonly provider: readonly string[]; readonly others: readonly string[] },
): { readonly assessment: Assessment; readonly customer: CustomerAssessment } {
  const hidden = names.provider.filter((name) => name !== '').sort((a, b) => b.length - a.length);
  const plain = (text: string): string => hidden.reduce((said, name) => replaceName(said, name, CENTRE), text);
  const evidence = (list: readonly Evidence[]): Evidence[] => list.map((one) => evidenceOf(one, plain));
  const findings = customer.findings.filter(({ internal }) => internal !== true).map((one) => findingOf(one, plain));
  const shown = new Set(customer.findings.filter(({ internal }) => internal === true).map(({ check }) => check));
  const copy: CustomerAssessment = {
    ...customer,
    sentence: plain(customer.sentence),
    why: plain(customer.why),
    today: { ...customer.today, because: evidence(customer.today.because) },
    fit: {
      ...customer.fit,
      criteria: customer.fit.criteria.map((one) => ({
        ...one,
        text: plain(one.text),
        evidence: evidence(one.evidence),
      })),
    },
    findings,
    // A check whose only findings are the provider's own is not told at all.
    checks: customer.checks
      .filter(({ check }) => !shown.has(check) || findings.some((one) => one.check === check))
      .map((one) => ({
        ...one,
        findings: one.findings.filter(({ internal }) => internal !== true).map((found) => findingOf(found, plain)),
        unknown: one.unknown.map((what) => ({
          ...what,
          subject: { kind: what.subject.kind, name: plain(what.subject.name) },
          error: { ...what.error, message: plain(what.error.message), data: {} },
        })),
      })),
    comparison: customer.comparison.map((one) => ({ ...one, here: { ...one.here, text: plain(one.here.text) } })),
    readers: customer.readers.map((one) => ({ ...one, workspace: plain(one.workspace) })),
    pictures: {
      today: pictureOf(customer.pictures.today, plain),
      ...(customer.pictures.fits ? { fits: pictureOf(customer.pictures.fits, plain) } : {}),
    },
  };
  const safe = withoutOthers(copy, names.others) as CustomerAssessment;
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

/** A name as a word of its own, in any case. */
function replaceName(text: string, name: string, by: string): string {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'gi'), by);
}

function evidenceOf({ text, measured }: Evidence, plain: (text: string) => string): Evidence {
  return { text: plain(text), measured: measurementOf(measured, plain) };
}

function measurementOf(measured: Measurement, plain: (text: string) => string): Measurement {
  const source = sourceOf(measured.source, plain);
  const { at, ms, calls } = measured;
  return { source, at, ms, calls };
}

/** The query and the call stay; which workspace of the provider they were asked of does not. */
function sourceOf(source: FactSource, plain: (text: string) => string): FactSource {
  if (source.kind === 'query')
    return { ...source, query: plain(source.query), workspace: plain(source.workspace) as WorkspaceKey };
  if (source.kind === 'arm') return { ...source, path: plain(source.path) };
  return source.kind === 'graph' ? { ...source, query: plain(source.query) } : source;
}

function findingOf(finding: Finding, plain: (text: string) => string): Finding {
  const { message, ...rest } = finding;
  const { kind, name } = finding.subject;
  return {
    ...rest,
    subject: { kind, name: plain(name) },
    title: plain(finding.title),
    why: plain(finding.why),
    remedy: plain(finding.remedy),
    evidence: finding.evidence.map((one) => evidenceOf(one, plain)),
    actions: [],
    ...(message === undefined ? {} : { message: plain(message) }),
  };
}

function pictureOf({ places, flows, says }: Picture, plain: (text: string) => string): Picture {
  return {
    places: places.map((place) => ({
      ...place,
      boxes: place.boxes.map((box) => ({
        ...box,
        ...(place.provider ? { label: 'workspace', detail: plain(box.detail) } : {}),
      })),
    })),
    flows,
    says: plain(says),
  };
}

/** The last lock: any text that names another customer is left out, whoever put it there. */
function withoutOthers(value: unknown, others: readonly string[]): unknown {
  const names = others.filter((name) => name.length > 2);
  if (names.length === 0) return value;
  const pattern = new RegExp(
    `(?<![\\w-])(?:${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})(?![\\w-])`,
    'i',
  );
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return pattern.test(one) ? '(left out: names somebody else)' : one;
    if (Array.isArray(one)) return one.map(walk);
    if (one !== null && typeof one === 'object')
      return Object.fromEntries(Object.entries(one).map(([key, inner]) => [pattern.test(key) ? '' : key, walk(inner)]));
    return one;
  };
  return walk(value);
}
