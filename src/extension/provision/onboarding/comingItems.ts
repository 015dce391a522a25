import type { OnboardingState } from '../../../model/onboarding.ts';
import type { ComingRow, ComingView } from '../../../protocol/onboarding.ts';
import { plainLabel } from '../../platform/plainLabel.ts';
import type { PickHeading, PickItem } from '../pickItems.ts';

/** What the first box of onboarding is answered with: customers of the file by their keys, or something else. */
export type Chosen = { readonly keys: readonly string[] } | 'new' | 'mend';

const STATES: Readonly<Record<OnboardingState, string>> = {
  waitingForCustomer: 'waiting for the customer to let us in',
  refused: 'something stands in the way',
  planned: 'planned',
  failed: 'not finished',
  waitingForData: 'waiting for data',
  done: 'done',
};

/** Customers that were begun first, then a new one, then the others of the file. */
export function comingItems({ customers, problems }: ComingView): readonly (PickItem<Chosen> | PickHeading)[] {
  const begun = customers.filter(isBegun);
  const others = customers.filter((row) => !isBegun(row));
  const open = others.filter(({ state }) => state !== 'done');
  return [
    ...begun.map((row) => ({
      ...itemOf(row),
      label: `$(debug-continue) Continue Onboarding of ${plainLabel(row.customer.name)}`,
    })),
    { label: '$(add) New Customer...', detail: 'Step by step, written into the file', value: 'new' as const },
    ...(customers.length > 0 || problems.length > 0 ? [{ heading: 'customers-to-come.json' }] : []),
    ...others.map(itemOf),
    ...(open.length > 1
      ? [
          {
            label: `$(checklist) All ${open.length} Together`,
            detail: 'A plan for each; what one meets stops no other',
            value: { keys: open.map(({ customer }) => customer.key) },
          },
        ]
      : []),
    ...(problems[0]
      ? [
          {
            label: `$(warning) Mend the File`,
            description: `line ${problems[0].line}: ${plainLabel(problems[0].message)}`,
            detail: 'Customers with a mistake are left out until then',
            value: 'mend' as const,
          },
        ]
      : []),
  ];
}

/** Whether an attempt began and did not come to its end, by a crash or by what it met. */
function isBegun({ interrupted, state }: ComingRow): boolean {
  return interrupted || state === 'failed';
}

function itemOf({ customer, state, interrupted, last }: ComingRow): PickItem<Chosen> {
  const word = interrupted ? 'interrupted' : state === undefined ? 'not begun' : STATES[state];
  return {
    label: plainLabel(customer.name),
    description: last === undefined ? word : `${word}, ${last.slice(0, 16).replace('T', ' ')}`,
    detail: `${customer.architecture} · ${ACCESS[customer.access]} · ${plainLabel(customer.region)} · ${plainLabel(customer.workspace)}`,
    value: { keys: [customer.key] },
  };
}

const ACCESS = { lighthouse: 'Azure Lighthouse', guest: 'guests', servicePrincipal: 'service principal' } as const;
