import { commands, window } from 'vscode';
import type { AppErrorData } from '../../base/errors.ts';
import { familyOf } from '../../base/errors.ts';
import type { CommandId } from './commandIds.ts';
import { findErrorAction } from './errorActions.ts';
import { plainMessage } from './plainMessage.ts';

/** A button beside a message, and the command behind it. */
export interface NotifyAction {
  readonly title: string;
  readonly command: CommandId;
  readonly args?: readonly unknown[];
}

/**
 * Messages to the person, one of a kind at a time: while a failure of a family is on screen, further ones of that
 * family are only logged. Forty failing tenants make one message.
 */
export class Notifier {
  private readonly open = new Set<string>();

  info(message: string, ...actions: NotifyAction[]): void {
    void this.show(message, message, actions, (text, ...titles) => window.showInformationMessage(text, ...titles));
  }
  warn(message: string, ...actions: NotifyAction[]): void {
    void this.show(message, message, actions, (text, ...titles) => window.showWarningMessage(text, ...titles));
  }

  /** What went wrong with the next step for its family; being cancelled is no news. */
  failure(error: AppErrorData, ...actions: NotifyAction[]): void {
    const family = familyOf(error.code);
    if (family === 'cancelled') return;
    const action = actions.length ? undefined : findErrorAction(error);
    const show =
      family === 'input' || family === 'query'
        ? (text: string, ...titles: string[]): Thenable<string | undefined> =>
            window.showWarningMessage(text, ...titles)
        : (text: string, ...titles: string[]): Thenable<string | undefined> => window.showErrorMessage(text, ...titles);
    void this.show(family, error.message, action ? [action] : actions, show);
  }

  /** A modal question; true when the person chose `confirm`. */
  async confirm(question: string, detail: string, confirm: string): Promise<boolean> {
    return (
      (await window.showWarningMessage(
        plainMessage(question),
        { modal: true, detail: plainMessage(detail) },
        confirm,
      )) === confirm
    );
  }

  /** A notification with one button; true when the person pressed it. One of a kind at a time. */
  async offer(message: string, button: string): Promise<boolean> {
    if (this.open.has(message)) return false;
    this.open.add(message);
    try {
      return (await window.showWarningMessage(plainMessage(message), button)) === button;
    } finally {
      this.open.delete(message);
    }
  }

  private async show(
    kind: string,
    text: string,
    actions: readonly NotifyAction[],
    present: (text: string, ...titles: string[]) => Thenable<string | undefined>,
  ): Promise<void> {
    if (this.open.has(kind)) return;
    this.open.add(kind);
    try {
      const chosen = await present(plainMessage(text), ...actions.map((action) => action.title));
      const action = actions.find((one) => one.title === chosen);
      if (action) await commands.executeCommand(action.command, ...(action.args ?? []));
    } finally {
      this.open.delete(kind);
    }
  }
}
