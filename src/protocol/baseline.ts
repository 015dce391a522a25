import type { NamesAt } from '../model/namesAt.ts';
import type { Plan } from '../model/plan.ts';
import type { Scope } from '../model/scope.ts';
import type { NamedText } from './assess.ts';
import { HOUR, MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** Something about a line (from 1) of a baseline file. */
export interface BaselineNote {
  readonly line: number;
  readonly message: string;
  /** `wrong`: the file is refused; `doubtful`: it works. */
  readonly weight: 'wrong' | 'doubtful';
}

/** What was agreed with customers: its file, what differs, and plans that put it right. */
export type BaselineContract = {
  requests: {
    /** What is wrong and what is doubtful in a file. Asks nobody of Azure. */
    'baseline.look': {
      input: { text: string };
      output: readonly BaselineNote[];
    };
    /** Names of customers, groups, tables, roles and action groups for a cursor; null where none belongs. */
    'baseline.complete': {
      input: { text: string; offset: number };
      output: NamesAt | null;
    };
    /** As a Markdown document, and what differs by its line. Rejects with `input.baseline` and `input.scope`. */
    'baseline.check': {
      input: { file: NamedText; scope: Scope };
      output: {
        readonly markdown: string;
        readonly sentence: string;
        readonly drift: readonly { readonly line: number; readonly message: string; readonly isLow: boolean }[];
      };
    };
    /** A plan for each customer, kept in the worker; `left` says of whom there is none, and why. Rejects as `check`. */
    'baseline.plans': {
      input: { file: NamedText; scope: Scope };
      output: {
        readonly plans: readonly { readonly customer: string; readonly plan: Plan }[];
        readonly left: readonly string[];
      };
    };
  };
  events: { 'baseline.progress': { readonly what: string; readonly done: number; readonly total: number } };
};

/** How long each request may take. */
export const BASELINE_DEADLINES: Deadlines<BaselineContract> = {
  'baseline.look': MINUTE,
  'baseline.complete': MINUTE,
  'baseline.check': HOUR,
  'baseline.plans': HOUR,
};
