import type { CancelSignal } from '../../../src/base/cancel.ts';
import { AppError, cancelled } from '../../../src/base/errors.ts';
import type { ChangeHandler, Intent } from '../../../src/core/changes/changeHandler.ts';
import type { Draft } from '../../../src/core/changes/makePlan.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';

export const HOME = toTenantId('00000000-0000-4000-8000-000000000001');
export const ANN = toAccountId('ann');

/** A lamp is to burn with so many watts. */
interface LampWanted {
  readonly watts: number;
}
/** A lamp that is there; `warming` is how often it still says that it is not ready. */
interface Lamp {
  watts: number;
  warming: number;
}

/** A second kind of resource, made of nothing but its own handler: what a further kind of change has to bring. */
export class Lamps implements ChangeHandler<LampWanted, Lamp> {
  readonly resource = 'lamp';
  readonly noun = 'lamp';
  readonly calls: string[] = [];
  readonly lamps = new Map<string, Lamp>();
  /** Names of lamps whose writing fails, with the error; `late` after the work was done. */
  readonly fail = new Map<string, { readonly error: AppError; readonly late?: boolean }>();
  /**
   * How often a written lamp says that it is not ready, and what it burns with in the end where it is not as wanted.
   */
  warming = 0;
  burns: number | undefined;
  /** Called before each write, e.g. to cancel. */
  onWrite: (name: string) => void = () => undefined;

  read({ target }: Intent<LampWanted>): Promise<Lamp | undefined> {
    const lamp = this.lamps.get(nameOf(target));
    return Promise.resolve(lamp && { ...lamp });
  }

  diff({ target, wanted }: Intent<LampWanted>, now: Lamp | undefined) {
    if (wanted.watts > 100) throw new AppError('input.lamp', 'There is no lamp of more than 100 watts.');
    const name = nameOf(target);
    const detail = `${wanted.watts} watts`;
    if (now?.watts === wanted.watts)
      return { action: 'none' as const, title: `${name} burns`, detail, differences: [] };
    const differences = [{ name: 'Watts', ...(now ? { before: `${now.watts}` } : {}), after: `${wanted.watts}` }];
    return now
      ? { action: 'update' as const, title: `Change ${name}`, detail, differences }
      : { action: 'create' as const, title: `Light ${name}`, detail, differences, warnings: [`${name} gets hot.`] };
  }

  async apply(
    { target, wanted }: Intent<LampWanted>,
    action: string,
    { signal }: { readonly signal?: CancelSignal },
    report: (state: string) => void,
  ): Promise<void> {
    const name = nameOf(target);
    this.calls.push(`${action} ${name}`);
    this.onWrite(name);
    report('switching');
    await Promise.resolve();
    const failure = this.fail.get(name);
    if (failure && !failure.late) throw failure.error;
    this.lamps.set(name, { watts: this.burns ?? wanted.watts, warming: this.warming });
    if (failure) throw failure.error;
    if (signal?.aborted) throw cancelled();
  }

  verify({ target, wanted }: Intent<LampWanted>, now: Lamp | undefined) {
    const lamp = this.lamps.get(nameOf(target));
    if (lamp && lamp.warming-- > 0) return { state: 'pending' as const, what: 'warming up' };
    return now?.watts === wanted.watts
      ? { state: 'verified' as const }
      : { state: 'different' as const, message: `${nameOf(target)} burns with ${now?.watts ?? 0} watts.` };
  }

  describe({ target }: Intent<LampWanted>, now: Lamp | undefined): string | undefined {
    return now && `lamp ${nameOf(target)}`;
  }

  commands({ target, wanted }: Intent<LampWanted>): readonly (readonly string[])[] {
    return [['lamp', 'set', '--name', nameOf(target), '--watts', String(wanted.watts)]];
  }
}

/** The intent that a lamp burns, after others. */
export function wantLamp(name: string, watts: number, ...after: string[]): Intent<LampWanted> {
  return { id: name, resource: 'lamp', target: `/subscriptions/s/lamps/${name}`, wanted: { watts }, after };
}

/** A draft of lamps. */
export function draftLamps(...intents: Intent[]): Draft {
  return { title: 'Let there be light', issuer: { account: ANN, tenant: HOME }, owner: HOME, intents };
}

function nameOf(target: string): string {
  return target.slice(target.lastIndexOf('/') + 1);
}
