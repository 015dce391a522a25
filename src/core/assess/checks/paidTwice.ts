import { doublesOf } from '../look/doubles.ts';
import { kqlTables, kqlTexts } from '../look/kql.ts';
import { overOwn, partsOf, unreadCentres } from '../look/overWorkspaces.ts';
import { AT_LIST_PRICE, byTheGb, MONTH } from '../look/prices.ts';
import { count, dollars, gigabytes, list } from '../look/words.ts';
import type { Check } from './check.ts';

/** The same rows are billed in two workspaces. */
export const paidTwice: Check = {
  id: 'paidTwice',
  title: 'Nothing is billed in two workspaces',
  severity: 'medium',
  rule:
    'During the last day the same source (a resource, or a computer) wrote into the same billed table of a workspace of the customer and of ' +
    'one of the provider, or of two of its own. Said of the own one; of two own ones of that which is billed for less.',
  why: 'Each copy is billed for itself, and every count over both is too high.',
  remedy:
    'Decide which workspace is to have the rows, and take the other out of the collection rule or diagnostic setting.',
  facts: ['sources', 'usage'],
  judge(customer) {
    const parts = partsOf(customer);
    if (customer.own.length + parts.length === 1 && customer.unknownCentral === 0 && customer.own.length === 1)
      return { findings: [], unknown: [], notApplicable: 'Its logs lie in one workspace alone.' };
    const judgement = overOwn(customer, 'sources', (facts, subject, unknown) => {
      const doubles = doublesOf(facts, customer.own, parts, subject, unknown);
      if (doubles.length === 0) return;
      const gb = doubles.reduce((sum, double) => sum + double.gb, 0);
      const pick = (field: 'source' | 'table' | 'other'): string[] =>
        [...new Set(doubles.map((double) => double[field]))].sort();
      const [sources, tables, others] = [pick('source'), pick('table'), pick('other')];
      return {
        severity: 'medium',
        subject,
        title: `${count(sources.length, 'source')} ${sources.length === 1 ? 'sends' : 'send'} ${gigabytes(gb)} a day to ${subject.name} and to ${list(others)}: ${dollars(byTheGb(gb) * MONTH)} a month for the copy`,
        evidence: [
          { text: `Tables: ${list(tables, 10)}; sources: ${list(sources)}; ${AT_LIST_PRICE}`, measured: facts.sources },
        ],
        actions: [
          {
            kind: 'openQuery',
            workspace: facts.workspace.key,
            query: `union withsource = Table ${kqlTables(tables)}
| extend Resource = tostring(column_ifexists("_ResourceId", "")), Computer = tostring(column_ifexists("Computer", ""))
| extend Source = tolower(iff(isnotempty(Resource), Resource, Computer))
| where Source in (${kqlTexts(sources)})
| summarize Rows = count(), GB = sum(_BilledSize) / 1e9 by Table, Source
| order by GB desc`,
            timespan: 'P1D',
          },
        ],
        ...(customer.customer.declared?.billing === 'customer' ? {} : { internal: true as const }),
      };
    });
    return { ...judgement, unknown: [...judgement.unknown, ...unreadCentres(customer)] };
  },
};
