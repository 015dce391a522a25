import { window } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import type { AppError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';

/** The product's log in VS Code's output panel. Ids, codes and numbers only. */
export class OutputLog implements Log, Disposable {
  private readonly channel: LogOutputChannel = window.createOutputChannel('Tenantscope', { log: true });

  debug(message: string, fields?: Record<string, string | number | boolean>): void {
    this.channel.debug(line(message, fields));
  }
  info(message: string, fields?: Record<string, string | number | boolean>): void {
    this.channel.info(line(message, fields));
  }
  warn(message: string, fields?: Record<string, string | number | boolean>): void {
    this.channel.warn(line(message, fields));
  }

  /**
   * A failure by its code. Only a bug of ours writes its stack; messages of services may quote query text and stay out.
   */
  failure(where: string, error: AppError): void {
    this.channel.error(line(where, { code: error.code, retryable: error.retryable }));
    if (error.family === 'bug') this.channel.error(stackOf(error));
  }

  show(): void {
    this.channel.show(true);
  }
  dispose(): void {
    this.channel.dispose();
  }
}

function line(message: string, fields: Record<string, string | number | boolean> = {}): string {
  const rest = Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  return rest === '' ? message : `${message} ${rest}`;
}

/** Frames only: the first line of a stack is the message. */
function stackOf(error: AppError): string {
  const stack = (error.cause instanceof Error ? error.cause.stack : undefined) ?? error.stack ?? '';
  return stack
    .split('\n')
    .filter((text) => /^\s+at /.test(text))
    .join('\n');
}
