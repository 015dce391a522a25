import { AppError } from '../../../base/errors.ts';
import type { RollupStatePort } from '../../../ports/rollups.ts';
import { DOCUMENTS, FRESH } from './alertState.ts';
import type { AlertState } from './alertState.ts';

/** Of so many that change a document at once one gets through each time. */
const ATTEMPTS = 50;

/** Deliveries that a person has approved: hashes of address and customer, never the address, which may be a secret. */
export interface Approvals {
  readonly approved: readonly { readonly delivery: string; readonly host: string; readonly at: number }[];
}

/** The documents of alerts, each changed by compare-and-set alone. */
export class AlertStore {
  private readonly state: RollupStatePort;

  constructor(state: RollupStatePort) {
    this.state = state;
  }

  async load(name: string): Promise<AlertState> {
    return (await this.state.load<AlertState>(DOCUMENTS.alert(name))).value ?? FRESH;
  }

  /**
   * Makes a change to the newest version, as often as it takes: `make` is pure, and gives what else it found. Rejects
   * with `service.busy` where others are always faster.
   */
  async change<T>(
    name: string,
    make: (state: AlertState) => { readonly state: AlertState; readonly found: T },
  ): Promise<T> {
    return this.changeDocument(DOCUMENTS.alert(name), FRESH, (value) => {
      const { state, found } = make(value);
      return { value: state, found };
    });
  }

  async approvals(): Promise<Approvals> {
    return (await this.state.load<Approvals>(DOCUMENTS.approvals)).value ?? { approved: [] };
  }

  async approve(added: Approvals['approved']): Promise<void> {
    await this.changeDocument<Approvals, void>(DOCUMENTS.approvals, { approved: [] }, ({ approved }) => ({
      value: {
        approved: [...approved.filter(({ delivery }) => !added.some((one) => one.delivery === delivery)), ...added],
      },
      found: undefined,
    }));
  }

  private async changeDocument<V, T>(
    name: string,
    fresh: V,
    make: (value: V) => { readonly value: V; readonly found: T },
  ): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { value, version } = await this.state.load<V>(name);
      const made = make(value ?? fresh);
      if (made.value === value || (await this.state.save(name, made.value, version))) return made.found;
    }
    throw new AppError('service.busy', 'Others are changing the state of this alert all the time. Try again.', {
      retryable: true,
    });
  }
}
