import type { Declared, Requirement } from '../../../model/assessment/declared.ts';
import type { Fact, UsageFact } from '../../../model/assessment/facts.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import type { Architecture, TodayState, WhatIf } from '../../../model/assessment/verdict.ts';
import { judgeFit } from './judgeFit.ts';
import type { Weights } from './judgeFit.ts';

/** One input turned to another value. */
interface Turn {
  /** Turns of one input: at most one of them is told. */
  readonly input: string;
  readonly condition: string;
  readonly customer: CustomerFacts;
}

/** What would change the verdict: each declared or measured input is turned, and the customer is judged again. */
export function whatIf(
  customer: CustomerFacts,
  today: TodayState,
  weights: Weights,
  best: Architecture,
): readonly WhatIf[] {
  const told = new Map<string, WhatIf>();
  for (const { input, condition, customer: turned } of [...declaredTurns(customer), ...measuredTurns(customer)]) {
    const fit = judgeFit(turned, today, weights);
    if (told.has(input) || fit.best === undefined || fit.scores === undefined || fit.best === best) continue;
    told.set(input, { condition, best: fit.best, scores: fit.scores });
  }
  return [...told.values()];
}

function declaredTurns(customer: CustomerFacts): Turn[] {
  const { declared } = customer.customer;
  const turn = <Name extends Requirement>(input: Name, value: Declared[Name], condition: string): Turn[] =>
    same(declared?.[input], value)
      ? []
      : [
          {
            input,
            condition,
            customer: { ...customer, customer: { ...customer.customer, declared: { ...declared, [input]: value } } },
          },
        ];
  const [centre] = customer.estate.centreRegions;
  const own = customer.own[0]?.workspace.region;
  return [
    ...(centre === undefined ? [] : turn('regions', [centre], `If its logs could lie in ${centre}`)),
    ...(own === undefined || own === centre ? [] : turn('regions', [own], `If its logs had to stay in ${own}`)),
    ...turn('isolation', true, "If its logs had to be kept apart from everybody else's"),
    ...turn('isolation', false, 'If its logs did not have to be kept apart'),
    ...turn('billing', 'customer', 'If it paid for its logs itself'),
    ...turn('billing', 'provider', 'If the provider paid for its logs'),
    ...turn('access', 'customer', 'If it decided itself who reads its logs'),
    ...turn('access', 'provider', 'If the provider decided who reads its logs'),
    ...turn('daily', 'raw', 'If the provider asked its raw rows every day'),
    ...turn('daily', 'summary', 'If daily numbers were all that is asked of it'),
    ...turn('daily', 'nothing', 'If the provider asked nothing of it from day to day'),
    ...turn('retentionDays', 730, 'If its logs had to be kept for two years'),
    ...turn('retentionDays', 30, 'If 30 days of its logs were enough'),
    ...turn(
      'sources',
      ['machines', 'azure', 'entra', 'microsoft365'],
      'If its Entra and Microsoft 365 logs were wanted',
    ),
  ];
}

function measuredTurns(customer: CustomerFacts): Turn[] {
  const { own, central, estate } = customer;
  const usages = (factor: number): CustomerFacts => ({
    ...customer,
    own: own.map((facts) => ({ ...facts, usage: times(facts.usage, factor) })),
    central: central.map((part) => ({ ...part, gb: part.gb * factor })),
  });
  return [
    { input: 'volume', condition: 'If it had ten times the logs', customer: usages(10) },
    { input: 'volume', condition: 'If it had a tenth of the logs', customer: usages(0.1) },
    {
      input: 'estateSize',
      condition: 'If the estate grew past 100 workspaces',
      customer: { ...customer, estate: { ...estate, workspaces: Math.max(101, estate.workspaces * 5) } },
    },
    ...(central.some(({ unattributed }) => unattributed.rows > 0)
      ? [
          {
            input: 'separability',
            condition: 'If every row at the centre named its customer',
            customer: {
              ...customer,
              central: central.map((part) => ({ ...part, unattributed: { ...part.unattributed, rows: 0, gb: 0 } })),
            },
          },
        ]
      : []),
  ];
}

function times(fact: Fact<UsageFact>, factor: number): Fact<UsageFact> {
  if (fact.state === 'unknown') return fact;
  const volumes = fact.value.volumes.map((one) => ({ ...one, gb: one.gb * factor }));
  return { ...fact, value: { ...fact.value, volumes } };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
