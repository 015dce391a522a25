import { counted } from '../../base/counted.ts';
import type { Run } from '../../model/run.ts';
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
    const done = run.targets.filter((target) => target.state !== 'waiting' && target.state !== 'running').length;
    const text = `${done} of ${counted(run.targets.length, 'workspace')} done, ${counted(run.rowCount, 'row')}`;
    if (text === this.last) return;
    this.last = text;
    if (this.terminal.errorIsScreen) this.terminal.status(text);
    else if (this.forced) this.terminal.say(text);
  }

  end(): void {
    this.terminal.status('');
  }
}
