/** `2026-01-31 06:00 to 07:00 UTC`; both days where they are two. */
export function rangeText({ from, to }: { readonly from: number; readonly to: number }): string {
  const [begin, end] = [timeText(from), timeText(to)];
  const sameDay = begin.slice(0, 10) === end.slice(0, 10);
  return `${begin.replace(' UTC', '')} to ${sameDay ? end.slice(11) : end}`;
}

/** `2026-01-31 06:00 UTC`: windows are of that day and no other. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `12 min`, `3 h 20 min`, `2 d 4 h`: how long ago something is; never less than none. */
export function durationText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return rest > 0 ? `${hours} h ${rest} min` : `${hours} h`;
  return `${rest} min`;
}

/** `1.5 MB`, of a thousand times a thousand bytes. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]!}`;
}
