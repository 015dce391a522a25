import type { Handlers } from '../base/rpc.ts';
import { lastDataOf } from '../core/runs/lastData.ts';
import type { EstateContract } from '../protocol/estate.ts';
import type { CurrentSession } from './currentSession.ts';

/** Customers, tenants and workspaces, and what one workspace says of itself. */
export function estateHandlers(current: CurrentSession): Handlers<EstateContract> {
  return {
    'estate.load': ({ refresh }, signal) => current.live.estate.load({ refresh, signal }),
    'estate.tables': async ({ workspace }, signal) => [
      ...(await current.live.estate.tables(await current.workspace(workspace, signal), signal)),
    ],
    'estate.functions': async ({ workspace }, signal) => [
      ...(await current.live.estate.functions(await current.workspace(workspace, signal), signal)),
    ],
    'estate.lastData': async ({ workspaces }, signal) => {
      const { estate, logs, scheduler } = current.live;
      const told = await lastDataOf({
        workspaces,
        estate: await estate.load({ signal }),
        logs,
        quota: scheduler,
        signal,
      });
      return [...told].map(([workspace, lastData]) => ({ workspace, lastData }));
    },
  };
}
