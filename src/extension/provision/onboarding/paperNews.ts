import type { Uri } from 'vscode';
import type { CustomerPaper } from '../../../protocol/onboarding.ts';
import type { CommandId } from '../../platform/commandIds.ts';
import type { Notifier, NotifyAction } from '../../platform/notify.ts';

const of = (uri: Uri, title: string, command: CommandId): NotifyAction => ({ title, command, args: [uri] });

/** Says that a customer has to let us in first, with what helps there; nothing of any other paper. */
export function tellWaiting(notify: Notifier, { state, name, handedOver }: CustomerPaper, uri: Uri): void {
  if (state !== 'waitingForCustomer') return;
  notify.info(
    `${name} has to let us in first. Send ${handedOver.join(' and ')} to its administrator.`,
    of(uri, 'Copy Text', 'tenantscope.onboarding.copyText'),
    of(uri, 'Open Folder', 'tenantscope.onboarding.openFolder'),
    of(uri, 'Check Again', 'tenantscope.onboarding.checkAgain'),
  );
}

/** Says what became of a paper that was carried out. */
export function tellOutcome(
  notify: Notifier,
  { state, name, error, folder, workspace, title }: CustomerPaper,
  uri: Uri,
): void {
  if (error) notify.failure(error);
  else if (state === 'waitingForData')
    notify.info(
      `${name} is onboarded: its workspace answers. Nobody sends to it yet; look again once its machines do.`,
      of(uri, 'Check Again', 'tenantscope.onboarding.checkAgain'),
    );
  else if (state === 'done' && workspace) notify.info(`${name} is onboarded: its workspace answers, and data arrive.`);
  else if (state === 'done')
    notify.info(`${title}: done. What was written down and the receipt are in ${folder}.`, {
      title: 'Open Customers File',
      command: 'tenantscope.customers.open',
    });
}
