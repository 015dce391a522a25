import type { DailyNeed, Party } from '../../../model/assessment/declared.ts';
import type { PerArchitecture } from '../../../model/assessment/verdict.ts';
import type { Criterion } from './criterion.ts';
import { declaredEvidence, serve, undeclared } from './criterion.ts';

/** Criteria that only the customers file knows. */
export const DECLARED_CRITERIA: readonly Criterion[] = [
  {
    id: 'residency',
    title: 'Where the logs may lie',
    judge({ customer, estate, at }) {
      const regions = customer.declared?.regions;
      if (regions === undefined) return undeclared('regions', 'where its logs may lie');
      const evidence = [declaredEvidence('regions', `Declared regions: ${regions.join(', ')}`, at)];
      const centre = estate.centreRegions.filter((region) => regions.includes(region));
      if (centre.length > 0)
        return {
          serves: serve(1, 1, 1),
          text: `Its logs may lie in ${regions.join(', ')}, where the centre has ${centre.join(', ')}`,
          evidence,
        };
      // What leaves in a hybrid is a portion: numbers of a day are seldom what a residency clause means.
      const leaves = customer.declared?.daily;
      const hybrid = leaves === 'summary' || leaves === 'nothing' ? 0.9 : 0.5;
      return {
        serves: serve(1, 0, hybrid),
        text: `Its logs must stay in ${regions.join(', ')}, and the centre lies in ${list(estate.centreRegions, 'no region known')}`,
        evidence,
      };
    },
  },
  {
    id: 'isolation',
    title: 'Apart from other customers',
    judge({ customer, at }) {
      const isolation = customer.declared?.isolation;
      if (isolation === undefined) return undeclared('isolation', 'whether its logs must be kept apart');
      return {
        serves: isolation ? serve(1, 0, 0.8) : serve(0.6, 1, 0.7),
        text: isolation
          ? "Its logs must be kept apart from other customers' logs"
          : "Its logs may lie beside other customers' logs",
        evidence: [
          declaredEvidence(
            'isolation',
            `Declared: ${isolation ? "apart from other customers' logs" : "may lie beside other customers' logs"}`,
            at,
          ),
        ],
      };
    },
  },
  party('billing', 'Who pays', 'who pays for the logs', {
    customer: [serve(1, 0, 0.9), 'It pays for its logs itself'],
    provider: [serve(0.3, 1, 0.4), 'The provider pays for its logs'],
    both: [serve(0.6, 0.3, 1), 'It pays for its logs, and the provider for what it pulls'],
  }),
  party('access', 'Who decides who reads', 'who decides who may read', {
    customer: [serve(1, 0, 0.9), 'It decides itself who reads its logs'],
    provider: [serve(0.4, 1, 0.6), 'The provider decides who reads its logs'],
    both: [serve(0.8, 0.2, 1), 'It and the provider decide who reads its logs'],
  }),
  {
    id: 'daily',
    title: 'What is asked of it every day',
    judge({ customer, at }) {
      const daily = customer.declared?.daily;
      if (daily === undefined) return undeclared('daily', 'what is asked of it every day');
      const [serves, text] = DAILY[daily];
      return { serves, text, evidence: [declaredEvidence('daily', `Declared, asked every day: ${ASKED[daily]}`, at)] };
    },
  },
  {
    id: 'retention',
    title: 'How long the logs are kept',
    judge({ customer, at }) {
      const days = customer.declared?.retentionDays;
      if (days === undefined) return undeclared('retentionDays', 'how long its logs are kept');
      return {
        serves: days >= 365 ? serve(1, 0.4, 1) : days > 90 ? serve(1, 0.7, 1) : serve(1, 1, 1),
        text:
          days > 90
            ? `Its logs are kept ${days} days, which a shared workspace would keep for everybody`
            : `Its logs are kept ${days} days, as in any workspace`,
        evidence: [declaredEvidence('retentionDays', `Declared retention: ${days} days`, at)],
      };
    },
  },
];

const DAILY: Readonly<Record<DailyNeed, readonly [PerArchitecture<number>, string]>> = {
  nothing: [serve(1, 0.3, 0.2), 'The provider asks nothing of it from day to day'],
  summary: [
    serve(0.4, 0.4, 1),
    'What the provider asks of it every day is numbers: a daily summary at a centre would do',
  ],
  portion: [serve(0.3, 0.6, 1), 'What the provider asks of it every day is a portion of its tables'],
  raw: [serve(0.8, 1, 0.2), 'The provider asks its raw rows every day'],
};

const ASKED: Readonly<Record<DailyNeed, string>> = {
  nothing: 'nothing',
  summary: 'a summary',
  portion: 'a portion of the tables',
  raw: 'the raw rows',
};
const PARTY: Readonly<Record<Party, string>> = { customer: 'the customer', provider: 'the provider', both: 'both' };

function party(
  id: 'billing' | 'access',
  title: string,
  what: string,
  by: Readonly<Record<Party, readonly [PerArchitecture<number>, string]>>,
): Criterion {
  return {
    id,
    title,
    judge({ customer, at }) {
      const who = customer.declared?.[id];
      if (who === undefined) return undeclared(id, what);
      const [serves, text] = by[who];
      return { serves, text, evidence: [declaredEvidence(id, `${title}, declared: ${PARTY[who]}`, at)] };
    },
  };
}

function list(words: readonly string[], none: string): string {
  return words.length === 0 ? none : words.join(', ');
}
