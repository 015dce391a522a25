import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { agreedWith } from '../app/agreedWith.ts';
import { openOnboardFolder } from '../app/onboardFolder.ts';
import type { Services } from '../app/services.ts';
import type { CancelSignal } from '../base/cancel.ts';
import { AppError, toAppError } from '../base/errors.ts';
import { LocalSignal } from '../base/rpc.ts';
import { visibleText } from '../base/visibleText.ts';
import { parseBaseline } from '../core/baseline/parseBaseline.ts';
import { planSheet } from '../core/changes/planSheet.ts';
import { applyOffboarding, offboardingSheet } from '../core/onboard/applyOffboarding.ts';
import { architectureAdvice } from '../core/onboard/architectureAdvice.ts';
import { finishCustomer } from '../core/onboard/finishCustomer.ts';
import { toNamePart } from '../core/onboard/names.ts';
import { planOffboarding } from '../core/onboard/offboard.ts';
import type { Offboarding } from '../core/onboard/offboard.ts';
import { prepareAll } from '../core/onboard/onboardAll.ts';
import { onboardingReceipt } from '../core/onboard/onboardingReceipt.ts';
import { onboardingSheet } from '../core/onboard/onboardingSheet.ts';
import type { OnboardWorld } from '../core/onboard/onboardWorld.ts';
import type { PreparedCustomer } from '../core/onboard/preparedCustomer.ts';
import { readCustomersToCome } from '../core/onboard/readCustomers.ts';
import { workspaceArmId } from '../core/provision/checkName.ts';
import { toWorkspaceKey } from '../model/ids.ts';
import type { CustomerKey } from '../model/ids.ts';
import type { Assessment } from '../model/assessment/assessment.ts';
import type { BaselineFile } from '../model/baseline.ts';
import type { CustomerPaper, OnboardingContract, RepositoryText } from '../protocol/onboarding.ts';

/** What the desk says while it is at work. */
export interface OnboardingTeller {
  progress(told: OnboardingContract['events']['onboarding.progress']): void;
  agreed(told: OnboardingContract['events']['onboarding.agreed']): void;
}

type Kept =
  | {
      readonly kind: 'coming';
      readonly prepared: PreparedCustomer;
      readonly world: OnboardWorld;
      readonly folder: string;
    }
  | { readonly kind: 'leaving'; readonly leaving: Offboarding; readonly folder: string };

interface Running {
  readonly stop: LocalSignal;
  readonly done: Promise<unknown>;
  answer?: (yes: boolean) => void;
}

/** Papers that nobody carried out are kept as long as these many newer ones are not made. */
const KEPT = 200;

/**
 * Customers that are being onboarded or let go from the editor: what was prepared is kept here and carried out by its
 * id, once, so that nothing on the way to a person and back can change what is done.
 */
export class OnboardingDesk {
  private readonly services: Pick<Services, 'onboarding' | 'baseline' | 'provisioning'>;
  private readonly kept = new Map<string, Kept>();
  private readonly running = new Map<string, Running>();

  constructor(services: OnboardingDesk['services']) {
    this.services = services;
  }

  /** Looks at customers of a file. Rejects where nobody could be looked at, and with `input.baseline`. */
  async prepare(
    wish: {
      readonly text: string;
      readonly keys: readonly string[];
      readonly folder: string;
      readonly baseline?: RepositoryText;
    },
    {
      assessment,
      tell,
      signal,
    }: { readonly assessment?: Assessment; readonly tell: OnboardingTeller; readonly signal: CancelSignal },
  ): Promise<CustomerPaper[]> {
    const file = readCustomersToCome(wish.text);
    const customers = file.customers.filter(({ key }) => wish.keys.includes(key));
    const missing = wish.keys.find((key) => !customers.some((one) => one.key === key));
    if (missing !== undefined)
      throw new AppError('input.onboarding', `The file names no customer "${missing.slice(0, 60)}" that is right.`);
    const baseline = wish.baseline && soundBaseline(wish.baseline);
    const outcomes = await prepareAll({ ...file, customers }, this.services.onboarding, {
      folderOf: ({ key }) => openOnboardFolder(join(wish.folder, key)),
      signal,
      ...(assessment ? { adviceOf: (customer) => architectureAdvice(customer, assessment) } : {}),
    });
    return outcomes.map(({ customer, state, value, error }): CustomerPaper => {
      const id = randomUUID();
      const folder = join(wish.folder, customer.key);
      const paper = {
        id,
        key: customer.key,
        name: customer.name,
        title: `Onboard ${customer.name}`,
        folder,
        handedOver: [],
      };
      if (!value)
        return {
          ...paper,
          state: 'failed',
          text: failedText(paper.title, error?.message ?? ''),
          ...(error ? { error } : {}),
        };
      if (value.state === 'planned')
        this.keep(id, { kind: 'coming', prepared: value, world: this.world(id, baseline, tell), folder });
      const { request, handedOver } = value;
      return {
        ...paper,
        state,
        text: onboardingSheet(value),
        handedOver,
        ...(request === undefined ? {} : { request }),
      };
    });
  }

  /** Carries out what was prepared; what failed is in the paper. */
  finish(id: string, tell: OnboardingTeller): Promise<CustomerPaper> {
    const kept = this.take(id, 'coming');
    return this.alone(id, async (signal) => {
      const { prepared, world, folder } = kept;
      const { customer, told } = prepared;
      const paper = {
        id,
        key: customer.key,
        name: customer.name,
        title: `Onboard ${customer.name}`,
        folder,
        handedOver: [],
      };
      try {
        const finished = await finishCustomer(prepared, world, {
          folder: openOnboardFolder(folder),
          signal,
          report: (message) => {
            tell.progress({ id, message, text: onboardingSheet(prepared, { kind: 'running', message }) });
          },
        });
        const { state, error } = finished;
        const { architecture, subscription, resourceGroup, workspace } = customer;
        const made = architecture !== 'central' && finished.steps.some(({ result }) => result.ok);
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
      }
    });
  }

  /** Writes down what is there of a customer and plans the end of our access. Rejects as `planOffboarding` does. */
  async planOffboarding(customer: CustomerKey, parent: string, signal: CancelSignal): Promise<CustomerPaper> {
    const estate = await this.services.onboarding.estate.load({ signal });
    const name = estate.customers.find(({ key }) => key === customer)?.name ?? customer;
    const folder = join(parent, toNamePart(name) || 'customer');
    const leaving = await planOffboarding(customer, this.services.onboarding, openOnboardFolder(folder), signal);
    const id = randomUUID();
    const some = leaving.plans.some(({ changes }) => changes.some(({ action }) => action !== 'none'));
    if (some) this.keep(id, { kind: 'leaving', leaving, folder });
    return {
      ...leavingPaper(id, leaving, folder),
      state: some ? 'planned' : 'done',
      text: offboardingSheet(leaving),
      ...(some ? { typed: leaving.customer.name } : {}),
    };
  }

  /** Ends our access, for the name as it was typed. Rejects with `input.notConfirmed`: it can be tried again then. */
  offboard(id: string, typed: string, tell: OnboardingTeller): Promise<CustomerPaper> {
    const kept = this.take(id, 'leaving');
    return this.alone(id, async (signal) => {
      const { leaving, folder } = kept;
      if (typed !== leaving.customer.name) {
        this.keep(id, kept);
        throw new AppError('input.notConfirmed', `Type the name "${leaving.customer.name}" exactly. Nothing was done.`);
      }
      const { receipt, failed } = await applyOffboarding(leaving, typed, this.services.provisioning, {
        folder: openOnboardFolder(folder),
        signal,
        report: (message) => {
          tell.progress({ id, message, text: offboardingSheet(leaving, { kind: 'running', message }) });
        },
      });
      return {
        ...leavingPaper(id, leaving, folder),
        state: failed ? 'failed' : 'done',
        text: receipt,
        ...(failed?.error ? { error: failed.error } : {}),
      };
    });
  }

  /** What the person says of what was agreed; nothing where nobody waits for it. */
  agree(id: string, yes: boolean): void {
    this.running.get(id)?.answer?.(yes);
  }

  cancel(id: string): void {
    this.running.get(id)?.stop.abort();
  }

  /** Stops what is being carried out and waits until each has its receipt. Never rejects. */
  async close(): Promise<void> {
    const running = [...this.running.values()];
    for (const { stop } of running) stop.abort();
    await Promise.allSettled(running.map(({ done }) => done));
  }

  private keep(id: string, kept: Kept): void {
    this.kept.set(id, kept);
    for (const oldest of this.kept.keys())
      if (this.kept.size > KEPT) this.kept.delete(oldest);
      else break;
  }

  private take<K extends Kept['kind']>(id: string, kind: K): Kept & { readonly kind: K } {
    const found = this.kept.get(id);
    if (found?.kind !== kind)
      throw new AppError('input.planUnknown', 'This plan is not kept any more, or was carried out. Look again.');
    this.kept.delete(id);
    return found as Kept & { readonly kind: K };
  }

  private async alone<T>(id: string, work: (signal: CancelSignal) => Promise<T>): Promise<T> {
    const stop = new LocalSignal();
    const done = work(stop);
    this.running.set(id, { stop, done });
    try {
      return await done;
    } finally {
      this.running.delete(id);
    }
  }

  /** What onboarding stands on, with what the baseline agrees: shown, and made after the person's word. */
  private world(id: string, file: BaselineFile | undefined, tell: OnboardingTeller): OnboardWorld {
    const { onboarding, baseline } = this.services;
    if (!file) return onboarding;
    const unseen: string[] = [];
    const agreed = agreedWith(baseline, file, {
      confirm: async (plans, _tenant, signal) => {
        const text = [
          ...(unseen.length > 0
            ? [['Could not be read', ...unseen.map((line) => `  ${visibleText(line)}`)].join('\n').concat('\n')]
            : []),
          ...plans.map((plan) => planSheet(plan)),
        ].join('\n');
        if (!(await this.ask(id, text, tell, signal)))
          throw new AppError(
            'input.notConfirmed',
            'The workspace is there. What the baseline agrees was not wanted now: check again to go on.',
          );
      },
      unseen: (line) => {
        unseen.push(line);
      },
    });
    return { ...onboarding, agreed };
  }

  private ask(id: string, text: string, tell: OnboardingTeller, signal: CancelSignal | undefined): Promise<boolean> {
    const running = this.running.get(id);
    if (!running || signal?.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      running.answer = resolve;
      signal?.addEventListener('abort', () => {
        resolve(false);
      });
      tell.agreed({ id, text });
    });
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

function failedText(title: string, message: string): string {
  return `${visibleText(title)}\n\nFAILED - ${visibleText(message)}\n`;
}

function leavingPaper(
  id: string,
  { customer }: Offboarding,
  folder: string,
): Pick<CustomerPaper, 'id' | 'key' | 'name' | 'title' | 'folder' | 'handedOver'> {
  return {
    id,
    key: customer.key,
    name: customer.name,
    title: `Let ${customer.name} go`,
    folder,
    handedOver: ['farewell.md'],
  };
}
