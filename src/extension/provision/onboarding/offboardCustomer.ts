import { InputBoxValidationSeverity, window } from 'vscode';
import type { Customer } from '../../../model/estate.ts';
import type { CustomerPaper } from '../../../protocol/onboarding.ts';
import type { App } from '../../platform/app.ts';
import { plainLabel } from '../../platform/plainLabel.ts';
import { plainMessage } from '../../platform/plainMessage.ts';
import { withCancellableProgress } from '../../platform/progress.ts';
import type { CustomerDesk } from './customerDesk.ts';
import { onboardingPlace, readBaseline } from './onboardingPlace.ts';

/** Asks which customer is let go; undefined where the person gives up. */
export async function pickCustomer(app: App): Promise<Customer | undefined> {
  const { customers, workspaces } = await app.estate.ensure();
  const items = customers
    .filter(({ provider }) => provider !== true)
    .map((customer) => ({
      label: plainLabel(customer.name),
      description: plainLabel(customer.groups.join(', ')),
      detail: workspaces
        .filter((one) => one.customer === customer.key)
        .map(({ name }) => plainLabel(name))
        .join(', '),
      customer,
    }));
  const choice = await window.showQuickPick(items, {
    title: 'Offboard Customer',
    placeHolder: 'Written down first; nothing is taken away before you typed its name',
    matchOnDetail: true,
  });
  return choice?.customer;
}

/** Writes down what is there of a customer, and lays open how our access would end. */
export async function offboardCustomer(app: App, desk: CustomerDesk, { key, name }: Customer): Promise<void> {
  const place = await onboardingPlace();
  const plan = async (): Promise<CustomerPaper> => {
    const baseline = await readBaseline(place);
    return withCancellableProgress(`Writing down what is there of ${name}`, (_report, signal) =>
      app.worker.request(
        'onboarding.planOffboarding',
        { customer: key, folder: place.offboarding, ...(baseline ? { baseline } : {}) },
        { signal },
      ),
    );
  };
  await desk.lay(await plan(), {
    again: plan,
    carryOut: async (paper) => {
      const typed = await askName(app, paper);
      if (typed === undefined) return undefined;
      return async () => {
        const done = await app.worker.request('onboarding.offboard', { id: paper.id, typed });
        await app.guard.quiet('offboarding.estate', () => app.estate.load(true));
        return done;
      };
    },
  });
}

async function askName({ notify }: App, { title, name, typed }: CustomerPaper): Promise<string | undefined> {
  const wanted = typed ?? name;
  const answer = await window.showInputBox({
    title: plainMessage(title),
    prompt: plainMessage(`Type ${wanted} to end your access. Only the customer can let you in again.`),
    placeHolder: plainMessage(wanted),
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || wanted.startsWith(text)
        ? text === wanted
          ? { message: 'This is the name. Enter ends your access.', severity: InputBoxValidationSeverity.Warning }
          : undefined
        : 'This is not the name of the customer.',
  });
  if (answer === wanted) return answer;
  if (answer !== undefined) notify.info('Nothing was taken away: the name did not match.');
  return undefined;
}
