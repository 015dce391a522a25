import { counted } from '../base/counted.ts';
import { targetNoun } from './run.ts';
import type { Run, RunStages, Target } from './run.ts';

/** Columns that say whose a row is. */
const WHOSE = new Set(['_Customer', '_Tenant', '_Workspace', '_Subscription', '_SubscriptionId', '_ResourceId']);

/**
 * What to know of rows that were made of several workspaces together and say of nobody whose they are: over whom they
 * are, and how to tell the customers apart. Absent where rows say it themselves. The same for a snapshot and for what a
 * page is told of it.
 */
export function totalNote(
  run: Pick<Run, 'answer' | 'rowCount' | 'source'> & {
    readonly of?: string;
    readonly columns: readonly { readonly name: string }[];
    readonly plan?: Pick<RunStages, 'local'>;
    readonly targets: readonly Pick<Target, 'state' | 'customerName'>[];
  },
): string | undefined {
  // A result that was asked again has nobody to be run over.
  if (run.of !== undefined) return undefined;
  if (run.answer !== 'across' || run.plan?.local === undefined || run.rowCount === 0) return undefined;
  if (run.columns.some(({ name }) => WHOSE.has(name))) return undefined;
  const within = run.targets.filter(({ state }) => state === 'answered' || state === 'empty' || state === 'partial');
  const customers = new Set(within.map(({ customerName }) => customerName)).size;
  if (within.length < 2) return undefined;
  const noun = targetNoun(run.source);
  const over = `One answer over ${within.length} ${noun}s of ${counted(customers, 'customer')}.`;
  // Groups that were put together say nothing of whose they are any more; what is stored of them does.
  if (run.source === 'lake') return `${over} For one each: ask the stored rows of the roll-up (its name and _parts).`;
  const column = customers > 1 ? '_Customer' : noun === 'tenant' ? '_Tenant' : '_Workspace';
  return `${over} For one each: summarize … by ${column}, or run it per ${noun}.`;
}
