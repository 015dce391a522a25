import { plainLabel } from '../platform/plainLabel.ts';
import { window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { EstateIndex } from '../../core/estate/estateIndex.ts';
import type { Estate, Tenant } from '../../model/estate.ts';
import type { App } from '../platform/app.ts';

/** Everything of the estate that is missing and why, as one list; choosing a tenant signs in to it. */
export async function showProblems(app: App, estate: Estate): Promise<void> {
  const index = EstateIndex.of(estate);
  const closed = estate.tenants.filter((tenant) => tenant.state !== 'entered');
  const listed = new Set<string>(closed.map((tenant) => tenant.id));
  const items: (QuickPickItem & { tenant?: Tenant })[] = [
    ...closed.map((tenant) => ({
      label: `$(lock) ${plainLabel(tenant.name)}`,
      description: plainLabel(index.customerName(tenant.customer)),
      detail: plainLabel(tenant.error?.message ?? 'This tenant could not be entered.'),
      tenant,
    })),
    ...estate.problems
      .filter((problem) => !problem.tenant || !listed.has(problem.tenant))
      .map((problem) => ({
        label: `$(warning) ${plainLabel(problem.where)}`,
        detail: plainLabel(problem.error.message),
      })),
  ];
  if (!items.length) {
    app.notify.info('The estate is complete: every tenant was entered and every listing succeeded.');
    return;
  }
  const choice = await window.showQuickPick(items, {
    title: 'Estate Problems',
    placeHolder: 'Choose a tenant to sign in to it',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!choice?.tenant) return;
  await app.signIn({
    tenant: choice.tenant.id,
    ...(choice.tenant.accounts[0] ? { account: choice.tenant.accounts[0] } : {}),
  });
  await app.estate.load(true);
}
