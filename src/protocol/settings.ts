import type { Cloud, SampleAccount } from '../model/cloud.ts';
import type { CustomersProblem } from '../model/customersProblem.ts';
import type { KeepLimits } from '../model/keepLimits.ts';
import type { NetworkSettings } from '../model/network.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/**
 * Whose tokens the worker uses: the extension host's, asked for one by one through `HostContract` (VS Code's accounts),
 * or its own, made in the worker by the Azure CLI or with client secrets (a service principal, or the sample accounts
 * of a custom cloud's file).
 */
export type SignIn =
  | { readonly kind: 'host' }
  | { readonly kind: 'azureCli' }
  | { readonly kind: 'clientSecret'; readonly accounts: readonly SampleAccount[] };

/** What the worker is told before anything else, and again whenever a part of it changed. */
export interface WorkerSettings {
  readonly cloud: Cloud;
  /** The network as VS Code is told to use it; no proxy where absent. */
  readonly network?: NetworkSettings;
  /** `host` where absent. */
  readonly signIn?: SignIn;
  /**
   * Text of the customers files with where each came from, from weakest to strongest: the personal one, then the
   * repository's.
   */
  readonly customersFiles: readonly { readonly label: string; readonly text: string }[];
  /** A folder of ours for row stores and temporary files. */
  readonly storageDirectory: string;
  /** The folder where roll-ups are stored, chosen by the person; a folder of ours where absent. */
  readonly lakeDirectory?: string;
  readonly memoryLimitMb: number;
  readonly persistRuns: boolean;
  /** How much of ended runs is kept; a change of it disturbs nothing that goes on. */
  readonly keepLimits?: KeepLimits;
}

/** What must be said to the worker before it is asked anything. */
export type SettingsContract = {
  requests: {
    configure: { input: WorkerSettings; output: { problems: readonly CustomersProblem[] } };
  };
  events: Record<never, never>;
};

/** Milliseconds each of the contract's requests may take. */
export const SETTINGS_DEADLINES: Deadlines<SettingsContract> = { configure: MINUTE };
