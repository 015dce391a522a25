import { freshGuid } from './ids.ts';
import type { World } from './state.ts';

/** A change that Resource Manager carried out, as the activity log keeps it. */
export interface ActivityEvent {
  readonly id: string;
  /** ISO time. */
  readonly at: string;
  /** As the request wrote it. */
  readonly resourceId: string;
  /** e.g. `Microsoft.OperationalInsights/workspaces/write`. */
  readonly operation: string;
  readonly method: string;
  /** A person's name, or an application's id. */
  readonly caller: string;
  readonly correlationId: string;
  /** Status of the answer. */
  readonly status: number;
}

/** The service keeps ninety days, we this many. */
const MOST_EVENTS = 5_000;

/** Notes a change; nobody is told, for nothing that is served elsewhere depends on it. */
export function noteActivity(world: World, event: Omit<ActivityEvent, 'id' | 'at'>): void {
  world.activityLog.push({ id: freshGuid(), at: world.clock.iso(), ...event });
  if (world.activityLog.length > MOST_EVENTS) world.activityLog.splice(0, world.activityLog.length - MOST_EVENTS);
}
