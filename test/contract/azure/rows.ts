import type { LogSource, WorkspaceLogs } from '../../../src/emulator/logs/source.ts';
import type { Cell } from '../../../src/model/kqlType.ts';

/** Ten heartbeats a minute apart up to now, for the workspaces given; the rest has no data at all. */
export function heartbeats(customerIds: readonly string[]): LogSource {
  const logs = customerIds.map((customerId): WorkspaceLogs => ({
    customerId,
    resources: [],
    tables: [
      {
        kind: 'made',
        table: 'Heartbeat',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'Computer', type: 'string' },
        ],
        constants: { TenantId: customerId },
        span: 600_000,
        *rows(from: number, to: number): Iterable<readonly Cell[]> {
          for (let minute = 0; minute < 10; minute++) {
            const time = to - minute * 60_000;
            if (time > from) yield [new Date(time).toISOString(), `computer-${minute}`];
          }
        },
      },
    ],
  }));
  return { find: (customerId) => logs.find((entry) => entry.customerId === customerId), all: () => logs };
}
