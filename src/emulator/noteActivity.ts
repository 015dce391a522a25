import type { ActivityEvent } from './activity.ts';
import { freshGuid } from './ids.ts';
import type { World } from './state.ts';

/** The service keeps ninety days, we this many. */
const MOST_EVENTS = 5_000;

/** Notes a change; nobody is told, for nothing that is served elsewhere depends on it. */
export function noteActivity(world: World, event: Omit<ActivityEvent, 'id' | 'at'>): void {
  world.activityLog.push({ id: freshGuid(), at: world.clock.iso(), ...event });
  if (world.activityLog.length > MOST_EVENTS) world.activityLog.splice(0, world.activityLog.length - MOST_EVENTS);
}
