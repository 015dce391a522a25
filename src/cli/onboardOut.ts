import { join } from 'node:path';
import type { AppErrorData } from '../base/errors.ts';
import type { FinishedCustomer } from '../core/onboard/finishedCustomer.ts';
import { stateText } from '../core/onboard/onboardingReceipt.ts';
import type { CustomerOutcome } from '../core/onboard/onboardAll.ts';
import type { ComingAccess, OnboardingState } from '../model/onboarding.ts';
import { EXIT, exitCodeOf } from './exitCodes.ts';
import { toJson } from './output/json.ts';
import { safeText } from './output/safeText.ts';
import type { Terminal } from './output/terminal.ts';

/** One customer of `onboard --json`, for pipelines. Fields are added, and none is taken away. */
export interface OnboardingJson {
  /** Its key. */
  readonly customer: string;
  readonly name: string;
  readonly access: ComingAccess;
  readonly state: OnboardingState;
  /**
   * Whose turn it is, of the two that end with 4: the customer's, who has to let us in (the files of `folder` say how);
   * or the machines', which have sent nothing yet. Absent where nobody's.
   */
  readonly waitingFor?: 'customer' | 'data';
  /** The state as a sentence, with what to do next. */
  readonly says: string;
  /** What was done beside that, or is left to do, a sentence each; where there is something. */
  readonly notes?: readonly string[];
  /** Tables that rows came to; once there are some. */
  readonly tables?: readonly string[];
  /** Where its files are: access.md, plan.txt, receipt.txt, journal.jsonl. */
  readonly folder: string;
  readonly error?: AppErrorData;
}

/** What is told of an outcome. */
export type ToldOutcome = CustomerOutcome<
  { readonly state: OnboardingState } & Partial<Pick<FinishedCustomer, 'notes' | 'tables'>>
>;

/** One customer as `--json` has it; `out` is the folder of all. */
export function onboardingJson({ customer, state, value, error }: ToldOutcome, out: string): OnboardingJson {
  const waitingFor = WAITING[state];
  return {
    customer: customer.key,
    name: customer.name,
    access: customer.access,
    state,
    ...(waitingFor ? { waitingFor } : {}),
    says: stateText(state),
    ...(value?.notes && value.notes.length > 0 ? { notes: value.notes } : {}),
    ...(value?.tables && value.tables.length > 0 ? { tables: value.tables } : {}),
    folder: join(out, customer.key),
    ...(error ? { error } : {}),
  };
}

const WAITING: Partial<Readonly<Record<OnboardingState, 'customer' | 'data'>>> = {
  waitingForCustomer: 'customer',
  waitingForData: 'data',
};

/**
 * Says of each customer how far it came and what is next, and answers with the worst exit code of them; `wrong` entries
 * of the file were left out.
 */
export async function tellOutcomes(
  outcomes: readonly ToldOutcome[],
  { out, json, wrong }: { readonly out: string; readonly json: boolean; readonly wrong: number },
  terminal: Pick<Terminal, 'write'>,
): Promise<number> {
  const told = outcomes.map((one) => onboardingJson(one, out));
  if (json) await terminal.write(`${toJson(told)}\n`);
  else
    for (const { name, says, notes = [], error, folder } of told) {
      await terminal.write(`${safeText(name)}: ${says}\n`);
      if (error) await terminal.write(`  ${safeText(error.message)}\n`);
      for (const note of notes) await terminal.write(`  ${safeText(note)}\n`);
      await terminal.write(`  ${safeText(folder)}\n`);
    }
  const failed = outcomes.find(({ error }) => error);
  if (failed?.error) return exitCodeOf(failed.error);
  if (wrong > 0) return EXIT.usage;
  if (outcomes.some(({ state }) => state === 'refused')) return EXIT.access;
  return told.some(({ waitingFor }) => waitingFor) ? EXIT.partial : EXIT.complete;
}
