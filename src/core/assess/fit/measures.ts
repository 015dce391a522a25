import type { SourceKind } from '../../../model/assessment/declared.ts';
import type { AgentFact, Measurement, UsageFact, WorkspaceFacts } from '../../../model/assessment/facts.ts';
import type { Evidence } from '../../../model/assessment/findings.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import { SOURCE_TABLES } from '../look/sourceTables.ts';
import { tablesWithData } from '../look/volumes.ts';
import { count } from '../look/words.ts';
import { seesAll } from './sight.ts';
import { gbWords } from './words.ts';

/** How a fact was had, without what it says. */
export function measuredBy({ source, at, ms, calls }: Measurement): Measurement {
  return { source, at, ms, calls };
}

/** Mean GB a day of a workspace over the days its usage tells of. */
export function meanGbPerDay({ days, volumes }: UsageFact): number {
  const gb = volumes.reduce((sum, one) => sum + one.gb, 0);
  return days === 0 ? 0 : gb / days;
}

/** A customer's volume at home and at the centre, GB a day; undefined where a part of it is not known. */
export function gbPerDay(customer: CustomerFacts): { gb: number; evidence: Evidence[] } | undefined {
  if (!seesAll(customer)) return undefined;
  const { own, central } = customer;
  let gb = 0;
  const evidence: Evidence[] = [];
  for (const { workspace, usage } of own) {
    if (usage.state === 'unknown') return undefined;
    const mean = meanGbPerDay(usage.value);
    gb += mean;
    evidence.push({ text: `${workspace.name}: ${gbWords(mean)} a day`, measured: measuredBy(usage) });
  }
  for (const part of central) {
    gb += part.gb;
    evidence.push({
      text: `At the centre: ${gbWords(part.gb)} of the last day`,
      measured: measuredBy(part.shared.attribution),
    });
  }
  return own.length + central.length === 0 ? undefined : { gb, evidence };
}

/** The computers that send a customer's logs, wherever to; undefined where one did not tell. */
export function machinesOf(customer: CustomerFacts): { agents: AgentFact[]; evidence: Evidence[] } | undefined {
  if (!seesAll(customer)) return undefined;
  const { own, central } = customer;
  const agents: AgentFact[] = [];
  const evidence: Evidence[] = [];
  const add = (facts: WorkspaceFacts, ones: readonly AgentFact[], name: string): void => {
    for (const one of ones) agents.push(one);
    evidence.push({
      text: `${count(ones.length, 'machine')} ${ones.length === 1 ? 'sends' : 'send'} to ${name}`,
      measured: measuredBy(facts.agents),
    });
  };
  for (const facts of own) {
    if (facts.agents.state === 'unknown') return undefined;
    add(facts, facts.agents.value, facts.workspace.name);
  }
  for (const { shared, computers } of central) {
    if (shared.agents.state === 'unknown') return undefined;
    const mine = new Set(computers);
    add(
      shared,
      shared.agents.value.filter(({ computer }) => mine.has(computer.toLowerCase())),
      'the centre',
    );
  }
  return own.length + central.length === 0 ? undefined : { agents, evidence };
}

/**
 * The part (0 to 1) of the sizes, by table, that no machine sends: tables of services. What no list names counts with
 * the machines: most of it is their agents'.
 */
export function serviceShare(sizes: readonly (readonly [string, number])[]): number {
  const services = new Set(
    (Object.keys(SOURCE_TABLES) as SourceKind[]).flatMap((kind) => (kind === 'machines' ? [] : SOURCE_TABLES[kind])),
  );
  const all = sizes.reduce((sum, [, size]) => sum + size, 0);
  const theirs = sizes.reduce((sum, [table, size]) => sum + (services.has(table) ? size : 0), 0);
  return all === 0 ? 0 : theirs / all;
}

/** The kinds of sources whose tables hold rows; not `whole` where a workspace, or all of them, did not tell. */
export function sourceKinds(customer: CustomerFacts): {
  kinds: ReadonlySet<SourceKind>;
  whole: boolean;
  evidence: Evidence[];
} {
  const { own, central } = customer;
  const tables = new Set(central.flatMap((part) => Object.keys(part.tables)));
  const evidence: Evidence[] = [];
  let whole = own.length + central.length > 0 && seesAll(customer);
  for (const { workspace, usage } of own) {
    if (usage.state === 'unknown') whole = false;
    else {
      const names = tablesWithData(usage.value);
      for (const name of names) tables.add(name);
      evidence.push({
        text: `${workspace.name}: ${count(names.length, 'table')} with data`,
        measured: measuredBy(usage),
      });
    }
  }
  for (const { shared, tables: mine } of central)
    evidence.push({
      text: `Tables at the centre: ${Object.keys(mine).sort().join(', ')}`,
      measured: measuredBy(shared.attribution),
    });
  const kinds = (Object.keys(SOURCE_TABLES) as SourceKind[]).filter((kind) =>
    SOURCE_TABLES[kind].some((table) => tables.has(table)),
  );
  return { kinds: new Set(kinds), whole, evidence };
}
