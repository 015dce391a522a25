import { counted } from '../../base/counted.ts';
import { timeOfDay } from '../../core/fanOut/held.ts';
import { targetKey, targetName, targetNoun } from '../../model/run.ts';
import type { Run } from '../../model/run.ts';
import { safeText } from './safeText.ts';
import type { Terminal } from './terminal.ts';

/**
 * Tells how a run goes on, on standard error: a line that is rewritten on a screen, lines where progress was asked for
 * without one.
 */
export class RunProgress {
  private last = '';
  private readonly terminal: Terminal;
  private readonly forced: boolean;

  constructor(terminal: Terminal, forced: boolean) {
    this.terminal = terminal;
    this.forced = forced;
  }

  show(run: Run): void {
    const [all, open] = [placesOf(run.targets), placesOf(run.targets.filter(isOpen))];
    const text = `${all.size - open.size} of ${counted(all.size, targetNoun(run.source))} done, ${counted(run.rowCount, 'row')}${slicedOf(run.targets)}${heldOf(run.targets)}`;
    if (text === this.last) return;
    this.last = text;
    if (this.terminal.errorIsScreen) this.terminal.status(text);
    else if (this.forced) this.terminal.say(text);
  }

  end(): void {
    this.terminal.status('');
  }
}

function isOpen({ state }: Run['targets'][number]): boolean {
  return state === 'waiting' || state === 'running';
}

/** What is asked, each once: a workspace that several customers send to is one, however many portions it gives. */
function placesOf(targets: Run['targets']): ReadonlySet<string> {
  return new Set(targets.map((target) => (target.kind === 'workspace' ? target.workspace : targetKey(target))));
}

/** Whose answer comes in slices of time: one by name, several by number. */
function slicedOf(targets: Run['targets']): string {
  const sliced = targets.flatMap(({ state, slices }, i) => (state === 'running' && slices ? [{ i, ...slices }] : []));
  const [first, second] = sliced;
  if (!first) return '';
  return second
    ? `; ${sliced.length} workspaces in slices of time`
    : `; slice ${first.number} of ${first.count} of ${safeText(targetName(targets[first.i]!))}`;
}

/** Who waits because the service says so: one by name with the time, several by number. */
function heldOf(targets: Run['targets']): string {
  const held = targets.flatMap((target) => {
    const retryAt = target.state === 'waiting' ? target.error?.data?.['retryAt'] : undefined;
    return typeof retryAt === 'string' ? [{ name: targetName(target), retryAt }] : [];
  });
  const last = held
    .map(({ retryAt }) => retryAt)
    .sort()
    .at(-1);
  if (last === undefined) return '';
  const who = held.length === 1 ? safeText(held[0]!.name) : `${held.length} workspaces`;
  return `; ${who} told to wait, until ${timeOfDay(new Date(last))}`;
}
