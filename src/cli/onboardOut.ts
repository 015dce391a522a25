import { join } from 'node:path';
import type { AppErrorData } from '../base/errors.ts';
import type { FinishedCustomer } from '../core/onboard/finishedCustomer.ts';
import { outcomeLines } from '../core/changes/planSheet.ts';
import { findingLines } from '../core/onboard/onboardingSheet.ts';
import { stateText } from '../core/onboard/onboardingReceipt.ts';
import type { CustomerOutcome } from '../core/onboard/onboardAll.ts';
import type { ComingAccess, OnboardingState, PreflightFinding } from '../model/onboarding.ts';
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
  {
    readonly state: OnboardingState;
    readonly findings?: readonly PreflightFinding[];
  } & Partial<Pick<FinishedCustomer, 'notes' | 'tables' | 'steps'>>
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
    for (const [at, { name, says, notes = [], error, folder }] of told.entries()) {
      const { steps, findings = [] } = outcomes[at]!.value ?? {};
      const lines = [
        `${name}: ${says}`,
        ...(error ? [`  ${error.message}`] : []),
        ...notes.map((note) => `  ${note}`),
        // What stops it was said far above, and may be mended by a letter.
        ...findingLines(findings.filter(({ state }) => state === 'stops')).map((line) => `  ${line}`),
        ...(steps ?? []).flatMap(({ plan, result }) => outcomeLines(plan, result)).map((line) => `  ${line}`),
        `  ${steps ? join(folder, 'receipt.txt') : folder}`,
      ];
      await terminal.write(lines.map((line) => `${safeText(line)}\n`).join(''));
    }
  const failed = outcomes.find(({ error }) => error);
  if (failed?.error) return exitCodeOf(failed.error);
  if (wrong > 0) return EXIT.usage;
  if (outcomes.some(({ state }) => state === 'refused')) return EXIT.access;
  return told.some(({ waitingFor }) => waitingFor) ? EXIT.partial : EXIT.complete;
}
