import { AppError } from '../../base/errors.ts';
import type { Settings } from '../platform/settings.ts';

/** Values of VS Code's own setting `microsoft-sovereign-cloud.environment` that its sign-in knows by name. */
export type SovereignEnvironment = 'USGovernment' | 'ChinaCloud';

/** What VS Code and the settings say, and the way to change it; handed in, so that the rules can be tested alone. */
export interface SovereignWorld {
  cloudName(): Settings['cloud.name'];
  /** Whether the accounts are VS Code's: the other ways of signing in know the authority themselves. */
  signsInByVsCode(): boolean;
  /** The setting as it is now; undefined or empty where it is not set. */
  environment(): string | undefined;
  setEnvironment(environment: SovereignEnvironment): Promise<void>;
  /** A notification with one button; true when it was pressed. */
  offer(message: string, button: string): Promise<boolean>;
}

const NEEDED: Readonly<Partial<Record<Settings['cloud.name'], SovereignEnvironment>>> = {
  usGovernment: 'USGovernment',
  china: 'ChinaCloud',
};

/**
 * VS Code signs in to one sovereign cloud at a time: the one its own setting names. Where that is another than ours,
 * it has no accounts to show or those of the wrong cloud. The person is asked once; nothing is set silently.
 */
export class SovereignCloud {
  private readonly world: SovereignWorld;
  /** What the person was asked and did not want, in this window. */
  private declined: string | undefined;
  private asking: Promise<void> | undefined;

  constructor(world: SovereignWorld) {
    this.world = world;
  }

  /** What the setting has to be and is not; undefined where all is right or VS Code is not what signs in. */
  missing(): SovereignEnvironment | undefined {
    const needed = NEEDED[this.world.cloudName()];
    return needed !== undefined && this.world.signsInByVsCode() && this.world.environment() !== needed
      ? needed
      : undefined;
  }

  /** Offers to set what is missing, at most once for the same thing; resolves when the person has answered. */
  offer(): Promise<void> {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  /** Before a sign-in that somebody asked for. Rejects with `input.sovereignCloud` where it could not succeed. */
  async require(): Promise<void> {
    this.declined = undefined;
    await this.offer();
    const missing = this.missing();
    if (missing !== undefined)
      throw new AppError(
        'input.sovereignCloud',
        `VS Code does not sign in to this cloud yet. Set its setting "microsoft-sovereign-cloud.environment" to "${missing}", then sign in.`,
      );
  }

  private async ask(): Promise<void> {
    const missing = this.missing();
    const now = this.world.environment();
    const question = `${missing} ${now}`;
    if (missing === undefined || this.declined === question) return;
    const wanted = await this.world.offer(
      `VS Code's sign-in is ${now ? `set to the cloud "${now}"` : 'not set to a sovereign cloud'}; Tenantscope is set to ${missing}. Set "microsoft-sovereign-cloud.environment" to "${missing}"?`,
      'Set It',
    );
    if (wanted) await this.world.setEnvironment(missing);
    else this.declined = question;
  }
}
