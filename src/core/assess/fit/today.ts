import type { WorkspaceFacts } from '../../../model/assessment/facts.ts';
import type { Evidence } from '../../../model/assessment/findings.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import type { Today } from '../../../model/assessment/verdict.ts';
import { hasData } from '../look/volumes.ts';
import { count, list } from '../look/words.ts';
import { measuredBy } from './measures.ts';
import { seesCentres, seesOwn } from './sight.ts';

/**
 * Where a customer's logs live today. `unknown` as soon as something that nobody could look into might change the
 * answer: no missing fact counts as nothing.
 */
export function judgeToday(customer: CustomerFacts): Today {
  const { own, central, unknownCentral } = customer;
  const because = [...own.map(ownEvidence), ...central.map(centralEvidence)];
  const holding = own.filter(holdsData);
  const blind = own.some(({ usage }) => usage.state === 'unknown');
  const shut = !seesOwn(customer);
  if (holding.length > 0 && central.length > 0) return { state: hybridOrMixed(customer), because };
  if (central.length > 0) return { state: blind || shut ? 'unknown' : 'central', because };
  if (unknownCentral > 0)
    because.push({
      text: `${count(unknownCentral, 'workspace')} of the provider could not be looked into`,
      measured: { source: { kind: 'estate' }, at: customer.at, ms: 0, calls: 0 },
    });
  if (holding.length > 0) return { state: unknownCentral > 0 ? 'unknown' : 'distributed', because };
  return { state: blind || shut || unknownCentral > 0 ? 'unknown' : 'none', because };
}

/** Whether a workspace is known to hold data of the last 30 days, beside what the service writes of itself. */
export function holdsData({ usage }: WorkspaceFacts): boolean {
  return usage.state === 'known' && hasData(usage.value);
}

/** Whether only custom or summary tables of a customer lie in a workspace of the provider: made to be pulled. */
export function isDerived({ shared, tables }: CustomerFacts['central'][number]): boolean {
  const summaries = new Set(
    shared.tables.state === 'known' ? shared.tables.value.filter(({ summary }) => summary).map(({ name }) => name) : [],
  );
  return Object.keys(tables).every((name) => name.endsWith('_CL') || summaries.has(name));
}

/**
 * Hybrid where what lies at the centre is derived from what is kept at home: only custom or summary tables there, or
 * something at home that is made to be pulled (an export, a summary). Neither where a fact that is missing may decide.
 */
function hybridOrMixed(customer: CustomerFacts): 'hybrid' | 'mixed' | 'unknown' {
  const { own, central } = customer;
  const pulled = own.some(
    ({ exports, tables }) =>
      (exports.state === 'known' && exports.value.some(({ enabled }) => enabled)) ||
      (tables.state === 'known' && tables.value.some(({ summary }) => summary === true)),
  );
  if (pulled) return 'hybrid';
  const raw = central.map(({ shared, tables: mine }) => {
    const others = Object.keys(mine).filter((name) => !name.endsWith('_CL'));
    if (others.length === 0) return false;
    if (shared.tables.state === 'unknown') return undefined;
    const summaries = new Set(shared.tables.value.filter(({ summary }) => summary).map(({ name }) => name));
    return others.some((name) => !summaries.has(name));
  });
  if (raw.every((one) => one === false)) return seesCentres(customer) ? 'hybrid' : 'unknown';
  const told = own.every(({ exports, tables }) => exports.state === 'known' && tables.state === 'known');
  return raw.includes(true) && told && seesOwn(customer) ? 'mixed' : 'unknown';
}

function ownEvidence(facts: WorkspaceFacts): Evidence {
  const { workspace, usage } = facts;
  return {
    text:
      usage.state === 'unknown'
        ? `${workspace.name} in its own tenant: its volume is not known`
        : holdsData(facts)
          ? `${workspace.name} in its own tenant, ${workspace.region}, holds its logs`
          : `${workspace.name} in its own tenant received nothing in ${usage.value.days} days`,
    measured: measuredBy(usage),
  };
}

function centralEvidence({ shared, rows, by }: CustomerFacts['central'][number]): Evidence {
  return {
    text: `${shared.workspace.name} of the provider, ${shared.workspace.region}, took ${count(rows, 'row')} of it on the last day, known by ${list(by)}`,
    measured: measuredBy(shared.attribution),
  };
}
