import type { Handlers } from '../base/rpc.ts';
import type { ReportsContract } from '../protocol/reports.ts';
import type { Session } from './session.ts';

/** Reports: made and written here, for the rows they are made of are here. */
export function reportHandlers(
  live: () => Pick<Session, 'report'>,
  tell: (progress: { readonly done: number; readonly total: number }) => void,
): Handlers<ReportsContract> {
  return {
    'reports.create': ({ folder, formats, ...wish }, signal) =>
      live().report(
        {
          ...wish,
          signal,
          progress: (done, total) => {
            tell({ done, total });
          },
        },
        folder,
        formats,
      ),
  };
}
