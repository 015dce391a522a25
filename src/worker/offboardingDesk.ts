import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openOnboardFolder } from '../app/onboardFolder.ts';
import type { Services } from '../app/services.ts';
import type { CancelSignal } from '../base/cancel.ts';
import { AppError, toAppError } from '../base/errors.ts';
import { baselineOf } from '../core/baseline/layers.ts';
import { soundBaseline } from '../core/baseline/soundBaseline.ts';
import { storedLines } from '../core/onboard/leaving/storedLines.ts';
import type { StoredLine } from '../core/onboard/leaving/writeDown.ts';
import { finishOffboarding } from '../core/onboard/finishOffboarding.ts';
import { toNamePart } from '../core/onboard/names.ts';
import { planOffboarding } from '../core/onboard/offboard.ts';
import type { Offboarding, OffboardWorld } from '../core/onboard/offboard.ts';
import { offboardingSheet } from '../core/onboard/offboardingSheet.ts';
import type { CustomerKey } from '../model/ids.ts';
import type { CustomerPaper, OnboardingContract } from '../protocol/onboarding.ts';
import type { OnboardingTeller } from './onboardingDesk.ts';
import { PaperBook } from './paperBook.ts';
import type { RollupCentres } from './rollupCentres.ts';
import type { RollupDesk } from './rollupDesk.ts';

interface Leaving {
  readonly leaving: Offboarding;
  readonly folder: string;
}

/** Customers that are let go from the editor: written down and planned here, and carried out by an id. */
export class OffboardingDesk {
  readonly book = new PaperBook<Leaving>();
  private readonly services: Pick<Services, 'estate' | 'onboarding'>;
  private readonly rollups: Pick<RollupDesk, 'rollups' | 'using'> & { readonly centres: Pick<RollupCentres, 'of'> };

  constructor(services: OffboardingDesk['services'], rollups: OffboardingDesk['rollups']) {
    this.services = services;
    this.rollups = rollups;
  }

  /**
   * Writes down what is there of a customer, into a folder below `parent`, and plans the end of our access; locks that
   * the baseline names are ours. Rejects as `planOffboarding` of core does, and with `input.baseline`.
   */
  async plan(
    { customer, folder: parent, baseline }: OnboardingContract['requests']['onboarding.planOffboarding']['input'],
    signal: CancelSignal,
  ): Promise<CustomerPaper> {
    const { onboarding } = this.services;
    const file = baseline && soundBaseline(baseline);
    const world: OffboardWorld = {
      ...onboarding,
      stored: (leaving) => this.storedOf(leaving.customer.key, parent),
      ...(file ? { ownLocks: (one) => baselineOf(file, one).baseline.locks ?? {} } : {}),
    };
    const estate = await onboarding.estate.load({ signal });
    const name = estate.customers.find(({ key }) => key === customer)?.name ?? customer;
    const folder = join(parent, toNamePart(name) || 'customer');
    const leaving = await this.look(customer, world, folder, signal);
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
  private async look(
    customer: CustomerKey,
    world: OffboardWorld,
    folder: string,
    signal: CancelSignal,
  ): Promise<Offboarding> {
    const kept = openOnboardFolder(folder);
    await kept.hold();
    try {
      return await planOffboarding(customer, world, kept, signal);
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

  /**
   * How far roll-ups are at a customer: in the lake, and by the state that the centres file beside `parent` names. None
   * of that where the person has not approved it.
   */
  private async storedOf(customer: CustomerKey, parent: string): Promise<readonly StoredLine[]> {
    const path = pathToFileURL(join(parent, 'any')).href;
    const here = await (await this.rollups.rollups()).status();
    const { state } = await this.rollups.centres.of(path);
    const there = state
      ? await this.rollups.using({ path, sinks: [] }, ({ rollups }) => rollups.status()).catch(unlessInput)
      : [];
    return storedLines([...here, ...there], customer);
  }

  /** What was made in this session is shown a while, whatever the service lists: not of whom we do not reach. */
  private async believe(customer: CustomerKey): Promise<void> {
    const { estate } = this.services;
    const { workspaces } = await estate.load();
    estate.noteUnreached(workspaces.filter((one) => one.customer === customer).map(({ key }) => key));
  }
}

/** What a file says wrong, or nobody approved, is told where roll-ups are run, and keeps nobody here. */
function unlessInput(thrown: unknown): readonly never[] {
  if (toAppError(thrown).family !== 'input') throw thrown;
  return [];
}

function paperOf(
  id: string,
  { customer: { key, name } }: Offboarding,
  folder: string,
): Pick<CustomerPaper, 'id' | 'key' | 'name' | 'title' | 'folder' | 'handedOver'> {
  return { id, key, name, title: `Let ${name} go`, folder, handedOver: ['farewell.md'] };
}
