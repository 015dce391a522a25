import type { RollupDefinition } from '../../../model/rollup.ts';
import { LOOK_BACK_DAYS } from './centreTexts.ts';

/** What a Logic App does not do, a sentence each: it goes with the template, where who deploys it reads it. */
export function limitsOf({ name, limits, windowMinutes }: RollupDefinition): readonly string[] {
  return [
    `It asks the workspaces that were in the scope of ${name} when it was made: a new customer, another name of one, or a change of the roll-up's file wants it made anew.`,
    `A window of more than ${limits.rows.toLocaleString('en-US')} rows, of an answer that the service cuts (64 MB), or that takes longer than 110 s is not stored: its run fails, and the window is tried again with every run; nothing is cut into halves. Make windows shorter than ${windowMinutes} minutes then.`,
    `It looks back ${LOOK_BACK_DAYS} days. Windows that are missing for longer, and backfills, are for "tenantscope rollup run --backfill".`,
    'It does not hear of "rollup pause" and "rollup off": disable it, or make it anew without the customer. Windows of an erased customer stay hidden, and are not asked for again.',
    'Zero rows are taken for none: where the identity may read a table no more, or a table was never there, nobody notices. Give it Log Analytics Reader on whole workspaces.',
    'Tables in the plan Basic or Auxiliary refuse to be asked; a row larger than 400 kB may not be taken by the centre.',
    'Its identity has tokens of its own tenant alone. That a delegation by Azure Lighthouse may name a managed identity is documented, that it reads rows then is not: try one customer first.',
    'Its history of runs keeps no rows (secure inputs and outputs), but the names of customers and the texts of queries can be read in its definition.',
  ];
}
