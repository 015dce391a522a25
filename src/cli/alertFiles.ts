import { resolve } from 'node:path';
import { ALERT_FILE, ALERT_FOLDER, readAlertFile } from '../kql/queryFiles/alertFile.ts';
import type { AlertFile } from '../kql/queryFiles/alertFile.ts';
import { textOf } from './command.ts';
import type { Values } from './command.ts';
import { chooseDefinition, readDefinitions } from './definitionFolder.ts';
import type { FoundDefinition } from './definitionFolder.ts';
import type { Terminal } from './output/terminal.ts';

/** An alert, and the file that says it. */
export type FoundAlert = FoundDefinition<AlertFile>;

/** The folder of `--alerts`, else the one of the folder in use. */
export function alertFolder(values: Values): string {
  return resolve(textOf(values, 'alerts') ?? ALERT_FOLDER);
}

/** The alerts of the folder, and how many could not be read; told and refused as `readDefinitions` does. */
export function readAlerts(
  values: Values,
  terminal: Pick<Terminal, 'say'>,
): Promise<{ readonly found: readonly FoundAlert[]; readonly unread: number }> {
  const [folder, hint] = [alertFolder(values), '--alerts names another.'];
  return readDefinitions({ folder, files: ALERT_FILE, noun: 'alerts', hint, read: readAlertFile }, terminal);
}

/** The alert of a name; throws `input.usage`, naming those there are. */
export function chooseAlert(found: readonly FoundAlert[], name: string | undefined): FoundAlert {
  return chooseDefinition(found, name, 'alert');
}
