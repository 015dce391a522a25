import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openOnboardFolder } from '../app/onboardFolder.ts';
import type { Services } from '../app/services.ts';
import type { CancelSignal } from '../base/cancel.ts';
import { AppError } from '../base/errors.ts';
import { finishOffboarding } from '../core/onboard/finishOffboarding.ts';
import { toNamePart } from '../core/onboard/names.ts';
import { planOffboarding } from '../core/onboard/offboard.ts';
import type { Offboarding } from '../core/onboard/offboard.ts';
import { offboardingSheet } from '../core/onboard/offboardingSheet.ts';
import type { CustomerKey } from '../model/ids.ts';
import type { CustomerPaper } from '../protocol/onboarding.ts';
import type { OnboardingTeller } from './onboardingDesk.ts';
import { PaperBook } from './paperBook.ts';

interface Leaving {
  readonly leaving: Offboarding;
  readonly folder: string;
}

/** Customers that are let go from the editor: written down and planned here, and carried out by an id. */
export class OffboardingDesk {
  readonly book = new PaperBook<Leaving>();
  private readonly services: Pick<Services, 'estate' | 'onboarding'>;

  constructor(services: OffboardingDesk['services']) {
    this.services = services;
  }

  /**
   * Writes down what is there of a customer, into a folder below `parent`, and plans the end of our access. Rejects as
   * `planOffboarding` of core does.
   */
  async plan(customer: CustomerKey, parent: string, signal: CancelSignal): Promise<CustomerPaper> {
    const { onboarding } = this.services;
    const estate = await onboarding.estate.load({ signal });
    const name = estate.customers.find(({ key }) => key === customer)?.name ?? customer;
    const folder = join(parent, toNamePart(name) || 'customer');
    const leaving = await this.look(customer, folder, signal);
    const id = randomUUID();
    const some = leaving.plans.some(({ changes }) => changes.some(({ action }) => action !== 'none'));
    if (some) this.book.keep(id, { leaving, folder });
    return {
      ...paperOf(id, leaving, folder),
      state: some ? 'planned' : 'done',
      text: offboardingSheet(leaving),
      ...(some ? { typed: leaving.customer.name } : {}),
    };
  }

  /** Held meanwhile: what another process ends would be missing in what is written down. */
  private async look(customer: CustomerKey, folder: string, signal: CancelSignal): Promise<Offboarding> {
    const kept = openOnboardFolder(folder);
    await kept.hold();
    try {
      return await planOffboarding(customer, this.services.onboarding, kept, signal);
    } finally {
      await kept.release();
    }
  }

  /** Ends our access, for the name as it was typed. Rejects with `input.notConfirmed`: it can be tried again then. */
  async carryOut(id: string, typed: string, tell: OnboardingTeller): Promise<CustomerPaper> {
    const { name } = this.book.look(id).leaving.customer;
    if (typed !== name) throw new AppError('input.notConfirmed', `Type the name "${name}" exactly. Nothing was done.`);
    return this.book.carryOut(id, async ({ leaving, folder }, signal) => {
      const report = (message: string): void => {
        tell.progress({ id, message, text: offboardingSheet(leaving, { kind: 'running', message }) });
      };
      report('begun');
      const { receipt, error } = await finishOffboarding(leaving, this.services.onboarding, {
        folder: openOnboardFolder(folder),
        typed,
        signal,
        report,
      });
      if (!error) await this.believe(leaving.customer.key);
      return {
        ...paperOf(id, leaving, folder),
        state: error ? 'failed' : 'done',
        text: receipt,
        ...(error ? { error } : {}),
      };
    });
  }

  /** What was made in this session is shown a while, whatever the service lists: not of whom we do not reach. */
  private async believe(customer: CustomerKey): Promise<void> {
    const { estate } = this.services;
    const { workspaces } = await estate.load();
    estate.noteUnreached(workspaces.filter((one) => one.customer === customer).map(({ key }) => key));
  }
}

function paperOf(
  id: string,
  { customer: { key, name } }: Offboarding,
  folder: string,
): Pick<CustomerPaper, 'id' | 'key' | 'name' | 'title' | 'folder' | 'handedOver'> {
  return { id, key, name, title: `Let ${name} go`, folder, handedOver: ['farewell.md'] };
}
