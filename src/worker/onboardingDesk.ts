import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { customersPlaceAt } from '../app/customersPlace.ts';
import { openOnboardFolder } from '../app/onboardFolder.ts';
import type { Services } from '../app/services.ts';
import type { CancelSignal } from '../base/cancel.ts';
import { AppError, toAppError } from '../base/errors.ts';
import { visibleText } from '../base/visibleText.ts';
import { parseBaseline } from '../core/baseline/parseBaseline.ts';
import { planSheet } from '../core/changes/planSheet.ts';
import { agreedBy } from '../core/onboard/agreed.ts';
import { architectureAdvice } from '../core/onboard/architectureAdvice.ts';
import { findComing } from '../core/onboard/findComing.ts';
import { finishCustomer } from '../core/onboard/finishCustomer.ts';
import { prepareAll } from '../core/onboard/onboardAll.ts';
import { namesIn } from '../core/onboard/nameCustomer.ts';
import { onboardingReceipt } from '../core/onboard/onboardingReceipt.ts';
import { onboardingSheet } from '../core/onboard/onboardingSheet.ts';
import type { OnboardWorld } from '../core/onboard/onboardWorld.ts';
import type { PreparedCustomer } from '../core/onboard/preparedCustomer.ts';
import { readCustomersToCome } from '../core/onboard/readCustomers.ts';
import { workspaceArmId } from '../core/provision/checkName.ts';
import { toWorkspaceKey } from '../model/ids.ts';
import type { Assessment } from '../model/assessment/assessment.ts';
import type { BaselineFile } from '../model/baseline.ts';
import type { ComingCustomer } from '../model/onboarding.ts';
import type { Plan } from '../model/plan.ts';
import type { CustomerPaper, OnboardingContract, RepositoryText } from '../protocol/onboarding.ts';
import { PaperBook } from './paperBook.ts';

/** What is said while customers come or go. */
export interface OnboardingTeller {
  progress(told: OnboardingContract['events']['onboarding.progress']): void;
  agreed(told: OnboardingContract['events']['onboarding.agreed']): void;
}

interface Coming {
  readonly prepared: PreparedCustomer;
  readonly world: OnboardWorld;
  readonly folder: string;
}

/** Which customers of a file are looked at, and what else there is to know. */
interface Wish {
  readonly text: string;
  readonly keys: readonly string[];
  readonly folder: string;
  readonly baseline?: RepositoryText;
  /** Path of the customers file that new ones are named in. */
  readonly customers?: string;
}

/** Customers that are onboarded from the editor: looked at and planned here, and carried out by an id. */
export class OnboardingDesk {
  readonly book = new PaperBook<Coming>();
  private readonly services: Pick<Services, 'onboarding' | 'baseline' | 'estate'>;
  private readonly asked = new Map<string, (yes: boolean) => void>();

  constructor(services: OnboardingDesk['services']) {
    this.services = services;
  }

  /** Looks at customers of a file. Rejects where nobody could be looked at, and with `input.baseline`. */
  async prepare(
    { text, keys, folder: parent, baseline, customers: customersPath }: Wish,
    {
      assessment,
      tell,
      signal,
    }: { readonly assessment?: Assessment; readonly tell: OnboardingTeller; readonly signal: CancelSignal },
  ): Promise<CustomerPaper[]> {
    const file = readCustomersToCome(text);
    const wanted = new Set(keys.map((key) => findComing(key, file, 'the file')));
    const customers = file.customers.filter((one) => wanted.has(one));
    const agreed = baseline && soundBaseline(baseline);
    const named = namesIn(
      customersPath === undefined ? undefined : customersPlaceAt(customersPath),
      this.services.estate,
    );
    const folders = new Map(customers.map(({ key }) => [key, openOnboardFolder(join(parent, key))]));
    const looking = prepareAll({ ...file, customers }, this.services.onboarding, {
      folderOf: ({ key }) => folders.get(key)!,
      signal,
      ...(assessment ? { adviceOf: (customer) => architectureAdvice(customer, assessment) } : {}),
    });
    // Reading a plan takes a person minutes or days, and everything is read again before it is carried out.
    const releaseAll = async (): Promise<void> => {
      for (const folder of folders.values()) await folder.release();
    };
    await looking.then(releaseAll, releaseAll);
    const outcomes = await looking;
    return outcomes.map(({ customer, state, value: prepared, error }): CustomerPaper => {
      const folder = join(parent, customer.key);
      const paper = paperOf(randomUUID(), customer, folder);
      if (!prepared)
        return {
          ...paper,
          state: 'failed',
          text: failedText(paper.title, error?.message ?? ''),
          ...(error ? { error } : {}),
        };
      if (state === 'planned')
        this.book.keep(paper.id, { prepared, world: { ...this.world(paper.id, agreed, tell), named }, folder });
      const { request, handedOver } = prepared;
      return {
        ...paper,
        state,
        text: onboardingSheet(prepared),
        handedOver,
        ...(request === undefined ? {} : { request }),
      };
    });
  }

  /** Carries out what was prepared; what failed is in the paper. Rejects with `input.planUnknown`. */
  carryOut(id: string, tell: OnboardingTeller): Promise<CustomerPaper> {
    return this.book.carryOut(id, async ({ prepared, world, folder }, signal) => {
      const { customer, told } = prepared;
      const held = openOnboardFolder(folder);
      const paper = paperOf(id, customer, folder);
      const report = (message: string): void => {
        tell.progress({ id, message, text: onboardingSheet(prepared, { kind: 'running', message }) });
      };
      report('begun');
      try {
        await held.hold();
        const finished = await finishCustomer(prepared, world, { folder: held, signal, report });
        const { state, error, steps } = finished;
        const { architecture, subscription, resourceGroup, workspace } = customer;
        const made = architecture !== 'central' && steps.some(({ result }) => result.ok);
        return {
          ...paper,
          state,
          text: onboardingReceipt(finished, told),
          ...(made ? { workspace: toWorkspaceKey(workspaceArmId(subscription, resourceGroup, workspace)) } : {}),
          ...(error ? { error } : {}),
        };
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.family === 'bug') throw error;
        return { ...paper, state: 'failed', text: failedText(paper.title, error.message), error: error.toData() };
      } finally {
        await held.release();
      }
    });
  }

  /** What the person says of what was agreed; nothing where nobody waits for it. */
  agree(id: string, yes: boolean): void {
    this.asked.get(id)?.(yes);
  }

  /** What onboarding stands on, with what the baseline agrees: shown, and made after the person's word. */
  private world(id: string, file: BaselineFile | undefined, tell: OnboardingTeller): OnboardWorld {
    const { onboarding, baseline } = this.services;
    if (!file) return onboarding;
    const unseen: string[] = [];
    const agreed = agreedBy(file, baseline, {
      unseen: ({ customerName, where, error }) => {
        unseen.push(`${customerName}: ${where}: ${error.message}`);
      },
      show: async (drafts, _before, signal) => {
        const plans: Plan[] = [];
        for (const draft of drafts) plans.push(await baseline.plan(draft, signal));
        const changing = plans.filter(({ changes }) => changes.some(({ action }) => action !== 'none'));
        if (changing.length === 0) return;
        tell.agreed({ id, text: agreedText(changing, unseen) });
        if (!(await this.answer(id, signal)))
          throw new AppError(
            'input.notConfirmed',
            'The workspace is there. What the baseline agrees was not wanted now: check again to go on.',
          );
      },
    });
    return { ...onboarding, agreed };
  }

  /** The person's word; a cancellation is a no. */
  private async answer(id: string, signal: CancelSignal | undefined): Promise<boolean> {
    if (signal?.aborted) return false;
    try {
      return await new Promise<boolean>((resolve) => {
        this.asked.set(id, resolve);
        signal?.addEventListener('abort', () => {
          resolve(false);
        });
      });
    } finally {
      this.asked.delete(id);
    }
  }
}

function soundBaseline({ label, text }: RepositoryText): BaselineFile {
  const { baseline, problems } = parseBaseline(text, label);
  const [problem] = problems;
  if (problem)
    throw new AppError(
      'input.baseline',
      `The baseline ${label} has a mistake in line ${problem.line}: ${problem.message} Nothing was sent; mend the file.`,
    );
  return baseline;
}

function agreedText(plans: readonly Plan[], unseen: readonly string[]): string {
  const missing = unseen.map((line) => `  ! ${visibleText(line)}`);
  return [
    ...(missing.length > 0 ? [['Could not be read', ...missing, ''].join('\n')] : []),
    ...plans.map((plan) => planSheet(plan)),
  ].join('\n');
}

function failedText(title: string, message: string): string {
  return `${visibleText(title)}\n\nFAILED - ${visibleText(message)}\n`;
}

function paperOf(
  id: string,
  { key, name }: ComingCustomer,
  folder: string,
): Pick<CustomerPaper, 'id' | 'key' | 'name' | 'title' | 'folder' | 'handedOver'> {
  return { id, key, name, title: `Onboard ${name}`, folder, handedOver: [] };
}
