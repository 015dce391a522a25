import { TemplateFault } from './expression.ts';

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds. Throws TemplateFault. */
export function durationMs(text: string): number {
  const [, days, hours, minutes, seconds] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? [];
  if (![days, hours, minutes, seconds].some((part) => part !== undefined))
    throw new TemplateFault(`The duration '${text}' is not valid.`);
  return (
    (((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1_000
  );
}
