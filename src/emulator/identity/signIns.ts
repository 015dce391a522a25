import { randomBytes } from 'node:crypto';
import { key } from '../armId.ts';
import { findTenant } from '../lookup.ts';
import type { Account, World } from '../state.ts';
import type { Session } from './issue.ts';

/** A device sign-in that waits for somebody to type its code. */
interface DeviceSignIn {
  readonly userCode: string;
  readonly deviceCode: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly scope: string;
  readonly expires: number;
  session?: Session;
  declined?: boolean;
}

/** An authorization code, to be redeemed once. */
interface CodeSignIn {
  readonly tenant: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge?: string;
  readonly session: Session;
  readonly expires: number;
}

const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

/** Interactive sign-ins under way, and the sessions that come of them. */
export class SignIns {
  private readonly world: World;
  private readonly devices = new Map<string, DeviceSignIn>();
  private readonly codes = new Map<string, CodeSignIn>();

  constructor(world: World) {
    this.world = world;
  }

  startDevice(tenant: string, clientId: string, scope: string): DeviceSignIn {
    const userCode = [...randomBytes(9)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
    const signIn: DeviceSignIn = {
      userCode,
      deviceCode: randomBytes(48).toString('base64url'),
      tenant,
      clientId,
      scope,
      expires: this.world.clock.elapsed() + 900_000,
    };
    this.devices.set(signIn.deviceCode, signIn);
    return signIn;
  }

  findDevice(deviceCode: string): DeviceSignIn | undefined {
    return this.devices.get(deviceCode);
  }

  endDevice(signIn: DeviceSignIn): void {
    this.devices.delete(signIn.deviceCode);
  }

  /**
   * Somebody typed the code and signed in (or said no). False where no sign-in has this code; without a code the only
   * waiting one is meant.
   */
  answerDevice(userCode: string | undefined, account: Account | undefined): boolean {
    const waiting = [...this.devices.values()].filter((device) => !device.session && !device.declined);
    const signIn =
      userCode === undefined ? waiting.at(-1) : waiting.find((device) => device.userCode === userCode.toUpperCase());
    if (!signIn) return false;
    if (account) signIn.session = this.session(account, signIn.tenant);
    else signIn.declined = true;
    return true;
  }

  issueCode(spec: Omit<CodeSignIn, 'expires'>): string {
    const code = randomBytes(48).toString('base64url');
    this.codes.set(code, { ...spec, expires: this.world.clock.elapsed() + 600_000 });
    return code;
  }

  redeemCode(code: string): CodeSignIn | undefined {
    const signIn = this.codes.get(code);
    this.codes.delete(code);
    return signIn && signIn.expires > this.world.clock.elapsed() ? signIn : undefined;
  }

  /**
   * An interactive sign-in counts as one with MFA, in the tenant it was made in (the home tenant for `organizations`
   * and `common`).
   */
  session(account: Account, tenant: string, nonce?: string): Session {
    const at = findTenant(this.world, tenant)?.tenantId ?? account.homeTenantId;
    return {
      objectId: account.objectId,
      authTime: Math.floor(this.world.clock.now() / 1000),
      mfaTenants: [key(at)],
      ...(nonce ? { nonce } : {}),
    };
  }

  findUser(username: string): Account | undefined {
    return [...this.world.accounts.values()].find(
      (account) => account.kind === 'user' && account.username.toLowerCase() === username.toLowerCase(),
    );
  }
}
