import type { Outcome } from '../base/outcome.ts';
import type { Estate, WorkspaceFunction, WorkspaceTable } from '../model/estate.ts';
import type { WorkspaceKey } from '../model/ids.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** Customers, tenants and workspaces, and what one workspace says of itself. */
export type EstateContract = {
  requests: {
    'estate.load': { input: { refresh: boolean }; output: Estate };
    'estate.tables': { input: { workspace: WorkspaceKey }; output: WorkspaceTable[] };
    'estate.functions': { input: { workspace: WorkspaceKey }; output: WorkspaceFunction[] };
    'estate.lastData': {
      input: { workspaces: WorkspaceKey[] };
      /** ISO time of the newest billing record, null where there was none in 31 days, or why that is not known. */
      output: { workspace: WorkspaceKey; lastData: Outcome<string | null> }[];
    };
  };
  events: {
    /** Every new picture, the partial ones of a running load too. */
    'estate.changed': Estate;
  };
};

/** Milliseconds each of the contract's requests may take. */
export const ESTATE_DEADLINES: Deadlines<EstateContract> = {
  'estate.load': 10 * MINUTE,
  'estate.tables': MINUTE,
  'estate.functions': MINUTE,
  'estate.lastData': 10 * MINUTE,
};
