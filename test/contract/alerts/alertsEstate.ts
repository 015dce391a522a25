import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import type { LogSource, WorkspaceLogs } from '../../../src/emulator/logs/source.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import type { SmallEstate } from '../emulator/smallEstate.ts';

/** When these tests begin; the emulated time stands still until it is moved. */
export const BEGIN = Date.parse('2026-03-02T10:00:00.000Z');
export const MINUTE = 60_000;

/** A row of Heartbeat. */
export interface Beat {
  readonly at: number;
  readonly computer: string;
}

/** The small estate with rows that a test writes, on a clock that it moves. */
export interface AlertsEstate {
  readonly small: SmallEstate;
  readonly clock: EmulatedClock;
  readonly emulator: Emulator;
  /** Rows of each workspace, in any order; those of later times come when it is their time. */
  readonly beats: Readonly<Record<keyof SmallEstate['workspaces'], Beat[]>>;
  readonly scopes: Readonly<Record<keyof SmallEstate['workspaces'], string>>;
  /** Minutes go by; the rules that are due then are evaluated. */
  pass(minutes: number): Promise<{ readonly evaluated: number; readonly fired: number; readonly resolved: number }>;
  /** The address of an inbox of the emulator. */
  address(inbox: string): string;
}

/** Starts it. `beats` may be filled before and while it runs. Clients that look at tokens want a `begin` of today. */
export async function startAlertsEstate(begin = BEGIN): Promise<AlertsEstate> {
  const clock = new EmulatedClock(begin, true);
  const small = smallEstate(clock);
  const beats = { provider: [] as Beat[], contoso: [] as Beat[], fabrikam: [] as Beat[] };
  const names = Object.keys(beats) as (keyof typeof beats)[];
  const all = names.map((name) => heartbeats(small.workspaces[name].properties.customerId, beats[name]));
  const logs: LogSource = { find: (id) => all.find(({ customerId }) => customerId === id), all: () => all };
  const emulator = await startSmall(small, { logs, engine: () => openEngine({ memoryLimitMb: 500 }) });
  return {
    small,
    clock,
    emulator,
    beats,
    scopes: {
      provider: workspaceScope(small.workspaces.provider),
      contoso: workspaceScope(small.workspaces.contoso),
      fabrikam: workspaceScope(small.workspaces.fabrikam),
    },
    pass: (minutes) => {
      clock.advance(minutes * MINUTE);
      return emulator.evaluateAlerts();
    },
    address: (inbox) => `${emulator.url}/_emulator/inbox/${inbox}`,
  };
}

function heartbeats(customerId: string, beats: readonly Beat[]): WorkspaceLogs {
  return {
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
        constants: {},
        span: 30 * 86_400_000,
        *rows(from: number, to: number): Iterable<readonly Cell[]> {
          for (const { at, computer } of beats) if (at > from && at <= to) yield [new Date(at).toISOString(), computer];
        },
      },
    ],
  };
}
