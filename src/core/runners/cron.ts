const HOUR = 60;
const DAY = 1440;

/**
 * Five fields of cron (UTC) that fire at least every so many minutes: the longest period cron can say evenly that is no
 * longer. `minute` is where in the hour; many schedules fire at the full one, and services are slow then. A roll-up
 * that is not due yet is passed over, so firing more often costs a look and nothing else.
 */
export function cronOf(everyMinutes: number, minute = 7): string {
  if (everyMinutes >= DAY) return `${minute} 3 * * *`;
  if (everyMinutes >= HOUR) {
    const hours = longestPart(24, Math.floor(everyMinutes / HOUR));
    return `${minute} ${hours === 1 ? '*' : `*/${hours}`} * * *`;
  }
  // Five minutes are the shortest that GitHub takes.
  const minutes = longestPart(HOUR, Math.max(5, everyMinutes));
  return `${minute % minutes}-59/${minutes} * * * *`;
}

/** The largest number up to `most` of which `whole` is a multiple. */
function longestPart(whole: number, most: number): number {
  for (let part = Math.min(whole, most); part > 1; part--) if (whole % part === 0) return part;
  return 1;
}
