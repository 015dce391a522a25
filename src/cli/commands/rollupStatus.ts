import type { RollupProgress } from '../../core/rollup/progress.ts';
import { printScope } from '../../kql/scopeLine.ts';
import { timeRangeLabel } from '../../model/timeRangeText.ts';
import type { Values } from '../command.ts';
import { openRollups } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { printTable } from '../output/printTable.ts';
import type { Terminal } from '../output/terminal.ts';
import { readRollups } from '../rollupFiles.ts';

const text = (name: string): { readonly name: string; readonly type: 'string' } => ({ name, type: 'string' });

/** `rollup list`: the roll-ups of the folder. */
export async function listRollups(values: Values, terminal: Terminal): Promise<number> {
  const { found, unread } = await readRollups(values, terminal);
  if (values['json'] === true)
    await terminal.write(`${toJson(found.map(({ path, definition }) => ({ path, ...definition })))}\n`);
  else
    await printTable(
      terminal,
      'table',
      ['Roll-up', 'Window', 'Every', 'Scope', 'Sinks', 'Owner'].map(text),
      found.map(({ definition }) => [
        definition.name,
        minutes(definition.windowMinutes),
        minutes(definition.everyMinutes),
        printScope(definition.scope),
        definition.sinks.join(', '),
        definition.owner ?? '',
      ]),
    );
  return unread > 0 ? EXIT.partial : EXIT.complete;
}

/** `rollup status`: how far each roll-up is in each workspace. */
export async function printStatus(values: Values, terminal: Terminal): Promise<number> {
  const { rollups, close } = await openRollups(values, terminal, []);
  try {
    const all = await rollups.status();
    if (values['json'] === true) {
      await terminal.write(`${toJson(all.map(({ lease: _ours, ...progress }) => progress))}\n`);
      return EXIT.complete;
    }
    await printTable(
      terminal,
      'table',
      ['Roll-up', 'Customer', 'Workspace', 'Sink', 'Until', 'Lag', 'Gaps', 'Last window', 'Stopped'].map(text),
      all.map((one) => [
        one.rollup,
        one.customerName,
        one.workspaceName,
        one.sink,
        one.until === undefined ? '' : time(one.until),
        one.until === undefined ? '' : minutes(Math.max(0, Math.round((Date.now() - one.until) / 60_000))),
        String(one.gaps.length),
        lastOf(one),
        one.stopped?.message ?? '',
      ]),
    );
    return EXIT.complete;
  } finally {
    await close();
  }
}

function lastOf({ last }: RollupProgress): string {
  return last ? `${last.rows} rows, ${last.bytes} bytes, stored ${time(last.at)}` : '';
}

function time(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/:\d\d\.\d+Z$/, 'Z');
}

function minutes(count: number): string {
  return count === 0 ? 'none' : timeRangeLabel({ kind: 'last', minutes: count }).replace(/^Last /, '');
}
