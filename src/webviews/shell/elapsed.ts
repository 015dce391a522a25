import { useEffect, useRef, useState } from './view.ts';

/** How often a clock that runs is drawn, milliseconds: it shows tenths of a second. */
const TICK_MS = 100;

/**
 * Milliseconds that something has taken: what the latest snapshot said (`elapsedMs`, of the thing called `of`), and,
 * while it goes on, what has passed here since. It never goes back, though snapshots come late.
 */
export function useElapsed(of: string, elapsedMs: number, running: boolean): number {
  const told = useRef({ of, elapsedMs, at: performance.now() });
  const shown = useRef({ of, ms: 0 });
  const [, tick] = useState(0);
  if (told.current.of !== of || told.current.elapsedMs !== elapsedMs)
    told.current = { of, elapsedMs, at: performance.now() };
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => {
      tick((count) => count + 1);
    }, TICK_MS);
    return () => {
      clearInterval(timer);
    };
  }, [running]);
  if (!running) return elapsedMs;
  const now = told.current.elapsedMs + performance.now() - told.current.at;
  const before = shown.current.of === of ? shown.current.ms : 0;
  shown.current = { of, ms: Math.max(before, now) };
  return shown.current.ms;
}
