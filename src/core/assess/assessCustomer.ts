import { toAppError } from '../../base/errors.ts';
import type { CustomerAssessment, ReaderRow } from '../../model/assessment/assessment.ts';
import type { Finding } from '../../model/assessment/findings.ts';
import { SEVERITIES } from '../../model/assessment/findings.ts';
import type { CustomerFacts } from '../../model/assessment/subject.ts';
import type { Fit } from '../../model/assessment/verdict.ts';
import type { Check } from './checks/check.ts';
import { runCheck } from './checks/check.ts';
import { compareHere } from './fit/claims.ts';
import { judgeFit } from './fit/judgeFit.ts';
import type { Weights } from './fit/judgeFit.ts';
import { gbPerDay, machinesOf } from './fit/measures.ts';
import { pictureOf, pictureToday } from './fit/pictures.ts';
import { verdictSentence, verdictWhy } from './fit/sentences.ts';
import { judgeToday } from './fit/today.ts';
import { whatIf } from './fit/whatIf.ts';
import { readersOf } from './readers.ts';

/**
 * One customer's diagnosis of its facts alone. A customer of which nobody could look into anything has no verdict and
 * no score; its only finding is why.
 */
export function assessCustomer(
  customer: CustomerFacts,
  checks: readonly Check[],
  weights: Weights,
  readers: readonly ReaderRow[],
): CustomerAssessment {
  const today = judgeToday(customer);
  const outcomes = checks.map((check) => runCheck(check, customer));
  const shut = customer.tenants.find(({ state }) => state !== 'entered');
  const assessed = customer.own.length > 0 || customer.central.length > 0 || shut === undefined;
  const reason = shut?.error && {
    ...shut.error,
    message: shut.error.message.replaceAll(`tenant ${shut.id}`, 'its tenant'),
  };
  const judged = assessed ? judgeFit(customer, today.state, weights) : NOTHING;
  const fit: Fit = {
    ...judged,
    changes: judged.best === undefined ? [] : whatIf(customer, today.state, weights, judged.best),
  };
  const volume = gbPerDay(customer)?.gb;
  const machines = machinesOf(customer)?.agents.length;
  const regions = [...new Set(customer.own.map(({ workspace }) => workspace.region))].sort();
  const { key, name, groups, declared } = customer.customer;
  return {
    key,
    name,
    groups,
    provider: customer.provider,
    assessed,
    ...(!assessed && reason ? { notAssessed: reason } : {}),
    ...(declared?.contact === undefined ? {} : { contact: declared.contact }),
    sentence: assessed
      ? verdictSentence(today, fit)
      : `Not assessed: ${reason?.message ?? 'nobody could enter its tenant.'}`,
    why: verdictWhy(today, fit, customer),
    today,
    fit,
    findings: outcomes.flatMap(({ findings }) => findings).sort(worstFirst),
    checks: outcomes,
    comparison: compareHere(customer, today.state),
    readers,
    pictures: {
      today: pictureToday(customer),
      ...(fit.best === undefined ? {} : { fits: pictureOf(fit.best, customer, volume) }),
    },
    numbers: {
      workspaces: customer.own.length,
      regions,
      ...(volume === undefined ? {} : { gbPerDay: volume }),
      ...(machines === undefined ? {} : { machines }),
    },
  };
}

/**
 * One customer's diagnosis, whatever its facts hold: one that cannot be judged is not assessed and says why, and costs
 * the others nothing.
 */
export function assessSafely(customer: CustomerFacts, checks: readonly Check[], weights: Weights): CustomerAssessment {
  try {
    return assessCustomer(customer, checks, weights, readersOf(customer));
  } catch (thrown) {
    const error = toAppError(thrown).toData();
    const tenants = customer.tenants.map(({ facts: _facts, ...tenant }) => ({
      ...tenant,
      state: 'failed' as const,
      error,
    }));
    const nothing = { subscriptions: [], own: [], central: [], unknownCentral: Math.max(1, customer.unknownCentral) };
    return assessCustomer({ ...customer, tenants, ...nothing }, checks, weights, []);
  }
}

const NOTHING: Omit<Fit, 'changes'> = { criteria: [], confidence: 'low', undeclared: [] };

/** Worst first, then by check and subject: the same order for the same findings, whoever was quicker. */
export function worstFirst(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compare(a.check, b.check) ||
    compare(a.subject.name, b.subject.name)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
