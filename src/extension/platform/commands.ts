import { commands } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import type { CommandId } from './commandIds.ts';
import { COMMAND_IDS } from './commandIds.ts';
import type { Guard } from './guard.ts';

/** A command's work. Arguments come from menus, links and key bindings: `unknown` until looked at. */
export type CommandHandler = (...args: unknown[]) => unknown;

/** What a feature's `register` hands back: its commands by id. */
export type CommandsOf<Id extends CommandId> = Readonly<Record<Id, CommandHandler>>;

/** Registers every command of the product, each inside the guard. A command without a handler does not compile. */
export function registerCommands(handlers: CommandsOf<CommandId>, guard: Guard): Disposable[] {
  return COMMAND_IDS.map((id) =>
    commands.registerCommand(id, (...args: unknown[]) => guard.run(id, () => handlers[id](...args))),
  );
}
