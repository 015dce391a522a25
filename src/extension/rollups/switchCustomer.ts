import { window } from 'vscode';
import type { CustomerKey } from '../../model/ids.ts';
import type { App } from '../platform/app.ts';
import { plainMessage } from '../platform/plainMessage.ts';
import { withViewProgress } from '../platform/progress.ts';
import { withApproval } from './approveCentres.ts';
import type { RollupBook } from './rollupBook.ts';
import { ROLLUPS_VIEW } from './rollupsTree.ts';

/** A customer as the state of roll-ups knows it. */
export interface KnownCustomer {
  readonly customer: CustomerKey;
  readonly name: string;
}

/** The kill switch: off at once, in every roll-up, after one question; on again after one. */
export async function switchCustomer(
  app: App,
  book: RollupBook,
  { customer, name }: KnownCustomer,
  on: boolean,
): Promise<void> {
  const sure = on
    ? await app.notify.confirm(
        `Switch ${name} on?`,
        'Its workspaces are read again, in every roll-up: from where they were, or anew where the customer was erased.',
        'Switch On',
      )
    : await app.notify.confirm(
        `Switch ${name} off?`,
        'Nothing of it is read or stored any more, in any roll-up, not even what is on its way. What is stored stays.',
        'Switch Off',
      );
  if (!sure) return;
  await withApproval(app, () => app.worker.request('rollups.switch', { customer, on, paths: book.paths }));
  await book.look();
}

/** Removes all that is stored of a customer once its name was typed; the receipt is shown. */
export async function eraseCustomer(app: App, book: RollupBook, { customer, name }: KnownCustomer): Promise<void> {
  const sure = await app.notify.confirm(
    `Erase ${name} from the centre?`,
    'The customer is switched off, and every row that roll-ups stored of it is removed for good, in every sink. Its own workspaces are not touched.',
    'Erase',
  );
  if (!sure) return;
  const typed = await window.showInputBox({
    title: plainMessage(`Erase ${name}`),
    prompt: plainMessage(`Type ${name} to erase all that is stored of it.`),
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' || name.startsWith(text) ? undefined : 'This is not the name.'),
  });
  if (typed !== name) {
    if (typed !== undefined) app.notify.info('Nothing was erased: the name did not match.');
    return;
  }
  // No button to cancel with: what is begun is told by its receipt.
  const { document } = await withViewProgress(ROLLUPS_VIEW, () =>
    app.worker.request('rollups.erase', { customer, name, paths: book.paths }),
  );
  await app.documents.showMarkdown(`${name} - erased.md`, document);
  await book.look();
}
