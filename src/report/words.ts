import { SEVERITIES } from '../model/assessment/findings.ts';
import type { CheckOutcome, Finding, Severity } from '../model/assessment/findings.ts';
import type { Requirement } from '../model/assessment/declared.ts';
import type { Architecture, Confidence, Fit, TodayState } from '../model/assessment/verdict.ts';

/** The letter that stands for an architecture wherever its colour does. */
export const LETTER: Readonly<Record<Architecture, string>> = { distributed: 'D', central: 'C', hybrid: 'H' };

/** Where logs live today, as a word. */
export const TODAY_WORD: Readonly<Record<TodayState, string>> = {
  distributed: 'distributed',
  central: 'central',
  hybrid: 'hybrid',
  mixed: 'mixed',
  none: 'no logs',
  unknown: 'unknown',
};

const REQUIREMENT_WORD: Readonly<Record<Requirement, string>> = {
  retentionDays: 'retention',
  regions: 'residency',
  isolation: 'isolation',
  billing: 'who pays',
  access: 'who decides on access',
  daily: 'what is asked daily',
  sources: 'sources',
};

/** `high`, or `medium: retention and residency undeclared`. */
export function confidenceText({ confidence, undeclared }: Pick<Fit, 'confidence' | 'undeclared'>): string {
  const words = undeclared.map((one) => REQUIREMENT_WORD[one]);
  const said = words.length > 2 ? `${words.length} requirements` : words.join(' and ');
  return words.length === 0 ? confidence : `${confidence satisfies Confidence}: ${said} undeclared`;
}

/** Requirements that nobody declared, in words. */
export function requirementWords(undeclared: readonly Requirement[]): string {
  return undeclared.map((one) => REQUIREMENT_WORD[one]).join(', ');
}

/** How many findings of each severity, worst first; none that is zero. */
export function countSeverities(findings: readonly Finding[]): readonly { severity: Severity; count: number }[] {
  return SEVERITIES.map((severity) => ({
    severity,
    count: findings.filter((one) => one.severity === severity).length,
  })).filter(({ count }) => count > 0);
}

/** `16 customers and the provider`: the provider's own workspaces are assessed too, and it is nobody's customer. */
export function customersText(customers: readonly { readonly provider: boolean }[]): string {
  const others = customers.filter(({ provider }) => !provider).length;
  return `${count(others, 'customer')}${others < customers.length ? ' and the provider' : ''}`;
}

/** `28 Nov 2026 09:12 UTC` of an ISO time. */
export function timeText(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${time.getUTCDate()} ${month[time.getUTCMonth()]!} ${time.getUTCFullYear()} ${two(time.getUTCHours())}:${two(time.getUTCMinutes())} UTC`;
}

/** `0.4 s`, `41 s`, `3 min`. */
export function spanText(ms: number): string {
  if (ms < 950) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

/** `7 checks passed, 2 could not look everywhere, 1 does not apply`: what is zero is not said. */
export function checksText(checks: readonly CheckOutcome[]): string {
  const of = (state: CheckOutcome['state']): number => checks.filter((one) => one.state === state).length;
  const unknown = checks.filter((one) => one.unknown.length > 0).length;
  const idle = of('notApplicable');
  return [
    `${count(of('passed'), 'check')} passed`,
    ...(unknown > 0 ? [`${unknown} could not look everywhere`] : []),
    ...(idle > 0 ? [`${idle} ${idle === 1 ? 'does' : 'do'} not apply`] : []),
  ].join(', ');
}

/** `1 workspace`, `2 workspaces`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
