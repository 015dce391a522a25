import type { CustomerKey } from '../../model/ids.ts';
import { targetKey, targetName } from '../../model/run.ts';
import type { Completeness, Run, Target } from '../../model/run.ts';
import { completenessOf } from './completeness.ts';

/** A customer of a run, with what was asked of it alone. */
export interface RunCustomer {
  readonly customer: CustomerKey;
  readonly name: string;
  readonly targets: readonly Target[];
  /** Keys of the targets, as rows are stored under them. */
  readonly keys: readonly string[];
  readonly completeness: Completeness;
}

/** Everybody a run asked, by name: who gave no rows, too. */
export function customersOfRun(run: Pick<Run, 'targets'>): readonly RunCustomer[] {
  const byCustomer = new Map<CustomerKey, Target[]>();
  for (const target of run.targets)
    byCustomer.set(target.customer, [...(byCustomer.get(target.customer) ?? []), target]);
  return [...byCustomer]
    .map(([customer, targets]) => ({
      customer,
      name: targets[0]!.customerName,
      targets,
      keys: targets.map(targetKey),
      completeness: completenessOf(targets),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** What lies beside a customer's rows: how complete they are, and what is to be known of their file. */
export interface CustomerCompleteness {
  readonly customer: string;
  readonly file: string;
  readonly rows: number;
  /** What of the rows the file could not keep as it is. */
  readonly notes: readonly string[];
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly complete: boolean;
  readonly sentence: string;
  readonly targets: readonly {
    readonly target: string;
    readonly tenant: string;
    readonly state: Target['state'];
    readonly rows: number;
    /** Why it has not answered in full: a few words of ours, for what services say may name others. */
    readonly reason?: string;
  }[];
}

/**
 * How complete one customer's rows are, in a form to hand over with them: nothing in it is of another customer. So it
 * has neither the query nor the scope, which may name others.
 */
export function customerCompleteness(
  run: Pick<Run, 'startedAt' | 'finishedAt'>,
  { name, targets, completeness }: RunCustomer,
  file: { readonly name: string; readonly rows: number; readonly notes: readonly string[] },
): CustomerCompleteness {
  return {
    customer: name,
    file: file.name,
    rows: file.rows,
    notes: file.notes,
    startedAt: run.startedAt,
    ...(run.finishedAt === undefined ? {} : { finishedAt: run.finishedAt }),
    complete: completeness.complete,
    sentence: completeness.sentence,
    targets: targets.map((target) => {
      const reason = completenessOf([target]).missing[0]?.reason;
      return {
        target: targetName(target),
        tenant: target.tenantName,
        state: target.state,
        rows: target.rows,
        ...(reason === undefined ? {} : { reason }),
      };
    }),
  };
}
