import type { ExtensionContext } from 'vscode';
import { compose } from './compose.ts';

/** What the extension offers to others: nothing yet. */
export function activate(context: ExtensionContext): void {
  context.subscriptions.push(compose(context));
}
