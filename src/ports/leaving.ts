import type { CancelSignal } from '../base/cancel.ts';
import type { Issuer } from './issuer.ts';

/** What a diagnostic setting sends to its workspace, enough to set it again. */
export interface SettingBody {
  /** Categories, or groups of them: `allLogs`, `audit`. */
  readonly logs: readonly string[];
  readonly metrics: readonly string[];
  /** Into tables of its own kinds, not into AzureDiagnostics. */
  readonly dedicated?: true;
}

/** Where a diagnostic setting or a data collection rule sends now. ARM ids in lower case. */
export interface SendingNow {
  readonly workspaces: readonly string[];
  /** Storage accounts, event hubs and other places. */
  readonly elsewhere: readonly string[];
  /** As it is whole: the body of a PUT that makes it again. */
  readonly definition: object;
  /** The body of a PUT without the workspaces that were asked about; absent where nothing would send anything then. */
  readonly remaining?: object;
  /** Of a diagnostic setting with a workspace. */
  readonly body?: SettingBody;
}

/** Diagnostic settings and data collection rules, as what sends rows somewhere. Everything rejects with an AppError. */
export interface SendingPort {
  /** By its ARM id; `without`: workspaces (ARM ids) that are to get nothing any more. Undefined where there is none. */
  sending(
    issuer: Issuer,
    armId: string,
    without: readonly string[],
    signal?: CancelSignal,
  ): Promise<SendingNow | undefined>;
  putSending(issuer: Issuer, armId: string, body: object, signal?: CancelSignal): Promise<void>;
  /** Makes a diagnostic setting to this workspace (ARM id), or adds it to one that is there: other places stay. */
  restoreSetting(
    issuer: Issuer,
    armId: string,
    workspace: string,
    body: SettingBody,
    signal?: CancelSignal,
  ): Promise<void>;
  /** One that is gone is no failure. */
  removeSending(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<void>;
}

/** A role assignment of a customer's own directory. ARM ids as they are written. */
export interface ListedRole {
  readonly armId: string;
  readonly scope: string;
  /** Lower case. */
  readonly principalId: string;
  readonly roleName: string;
  /** It decides about roles. */
  readonly givesAccess: boolean;
}

/** Who of ours has which role by assignments in the customer's directory. */
export interface OwnRolesPort {
  /**
   * All of a subscription, with those above and beneath it. Rejects with `access.insufficient` for who comes by Azure
   * Lighthouse: none is shown.
   */
  roleAssignments(issuer: Issuer, subscription: string, signal?: CancelSignal): Promise<readonly ListedRole[]>;
  /** The object ID (lower case) of the issuer's account in the issuer's tenant; undefined where its token says none. */
  ownObjectId(issuer: Issuer): Promise<string | undefined>;
}
