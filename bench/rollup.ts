/** Roll-ups: the schedule that the quota allows, and memory that does not grow with the rows of a window. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DrySink } from '../src/core/rollup/dryRun.ts';
import { RUNS_SOURCES } from '../test/harness/sources.ts';
import { pullDay } from '../test/unit/rollup/aDay.ts';
import type { Measurement } from './main.ts';

const WINDOW = fileURLToPath(new URL('window/storeWindow.ts', import.meta.url));

/** Peak of a process that stores one window of so many rows in a lake, in MB, and how long it took. */
function peakOf(rows: number): { readonly megabytes: number; readonly ms: number } {
  const { stdout, stderr } = spawnSync(process.execPath, [...RUNS_SOURCES, WINDOW, String(rows)], { encoding: 'utf8' });
  const [, megabytes, ms] = /peak (\d+) MB in (\d+) ms/.exec(stdout) ?? [];
  if (megabytes === undefined || ms === undefined) throw new Error(stderr);
  return { megabytes: Number(megabytes), ms: Number(ms) };
}

export async function benchRollup(): Promise<readonly Measurement[]> {
  const { asked, tookMs } = await pullDay(200, 24, () => new DrySink('lake'));
  const ideal = (asked / 200) * 30_000;
  const [half, one, two] = [500_000, 1_000_000, 2_000_000].map(peakOf) as [
    ReturnType<typeof peakOf>,
    ReturnType<typeof peakOf>,
    ReturnType<typeof peakOf>,
  ];
  const against = (rows: string, { megabytes, ms }: ReturnType<typeof peakOf>): Measurement => ({
    name: `peak of a window of ${rows} rows against one of 500,000`,
    ratio: megabytes / half.megabytes,
    // On a busy machine garbage that is not collected yet makes more of a difference than the rows do.
    bar: 1.15,
    detail: `${megabytes} MB of ${half.megabytes} MB, ${(ms / 1000).toFixed(1)} s of ${(half.ms / 1000).toFixed(1)} s`,
  });
  return [
    {
      name: 'a day of hourly summaries of 200 workspaces',
      ratio: tookMs / ideal,
      bar: 1.2,
      detail: `${asked} questions in ${tookMs / 1000} s of virtual time, ideally ${ideal / 1000} s`,
    },
    against('1,000,000', one),
    against('2,000,000', two),
  ];
}
