import type { CancelSignal } from '../base/cancel.ts';
import type { Route } from '../model/network.ts';
import type { WorkspaceListing } from './directory.ts';
import type { Issuer } from './issuer.ts';

/** What a service answered to a question without a token: that it did is what counts. */
export interface Reached {
  readonly status: number;
  /** The service's clock, milliseconds since 1970; undefined where it does not tell. */
  readonly serverTime?: number;
}

/** The way to the services, looked at piece by piece. Rejects with an AppError of the network or service family. */
export interface ConnectionPort {
  /** How a service is reached, and who says so. Rejects where a script that has to say it does not. */
  route(origin: string): Promise<Route>;
  /** One request without a token, without repeats. */
  reach(url: string, signal?: CancelSignal): Promise<Reached>;
  /** The workspaces that Resource Graph knows, without any other way to list them. */
  graphWorkspaces(issuer: Issuer, signal?: CancelSignal): Promise<readonly WorkspaceListing[]>;
}
