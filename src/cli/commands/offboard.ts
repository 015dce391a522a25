import { join, resolve } from 'node:path';
import type { Services } from '../../app/services.ts';
import { AppError } from '../../base/errors.ts';
import { baselineOf } from '../../core/baseline/layers.ts';
import { planSheet } from '../../core/changes/planSheet.ts';
import { toNamePart } from '../../core/onboard/names.ts';
import { finishOffboarding } from '../../core/onboard/finishOffboarding.ts';
import { planOffboarding } from '../../core/onboard/offboard.ts';
import type { Offboarding, OffboardWorld } from '../../core/onboard/offboard.ts';
import type { Customer } from '../../model/estate.ts';
import type { EraseReceipt } from '../../model/rollup.ts';
import type { OnboardingFolder } from '../../ports/onboarding.ts';
import { soundBaselineIfAny } from '../baselineFile.ts';
import { CENTRE_HELP, CENTRE_OPTIONS } from '../centres/centresOption.ts';
import { textOf } from '../command.ts';
import type { Command, Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP, exitCodeOf } from '../exitCodes.ts';
import { openOnboardFolder } from '../../app/onboardFolder.ts';
import { toJson } from '../output/json.ts';
import { safeText } from '../output/safeText.ts';
import type { Terminal } from '../output/terminal.ts';
import { eraseLines, eraseStored, storedOf } from './rollupCustomer.ts';

const FOLDER = join('.tenantscope', 'offboarding');

/** `tenantscope offboard`: takes our access to a customer away, and writes down what was there. */
export const OFFBOARD: Command = {
  name: 'offboard',
  summary: 'lets a customer go: export, end of access, and a receipt',
  options: {
    out: { type: 'string' },
    plan: { type: 'boolean' },
    yes: { type: 'boolean' },
    name: { type: 'string' },
    erase: { type: 'boolean' },
    baseline: { type: 'string' },
    json: { type: 'boolean' },
    ...CENTRE_OPTIONS,
    ...CONNECTION_OPTIONS,
  },
  positionals: ['CUSTOMER'],
  help: `Usage: tenantscope offboard CUSTOMER [--plan] [--erase]
       tenantscope offboard CUSTOMER --yes --name CUSTOMER

Writes down what is there (settings, queries, alerts, collection rules, diagnostic settings, how far roll-ups are) and
what the customer's people have to do (farewell.md). Then, after you typed the customer's name, ends what sends to
workspaces of yours or of others, alert rules that are yours, and last your role assignments there and delegations of
Azure Lighthouse. What your roles do not let you end becomes commands for its administrators. Workspaces stay, with
their rows; no row is copied. What cannot be written down keeps everything as it is. Run again after a failure: it goes
on where it was. The receipt is receipt.txt.

  --out DIR              where its folder is (default: ${FOLDER})
  --plan                 write down and show what would be done, and end
  --name CUSTOMER        the customer's name, typed, where nobody can be asked
  --erase                also erase what roll-ups have stored of it, at every centre (erased.txt)
  --baseline FILE        whose locks are yours (default: the nearest .tenantscope/baseline.json of this repository)
  --yes                  do it without asking
  --json                 one JSON document on standard output
${CENTRE_HELP}
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [name], terminal }) {
    const out = resolve(textOf(values, 'out') ?? FOLDER, toNamePart(name!) || 'customer');
    const folder = openOnboardFolder(out);
    const azure = await openAzure(values, terminal);
    try {
      // From here on: what another process ends meanwhile would be missing in what is written down.
      await folder.hold();
      const offboarding = await planOf(name!, await worldOf(azure, values, terminal), folder, values, terminal);
      const { customer, plans, unseen, tasks, told } = offboarding;
      for (const plan of plans) terminal.say(planSheet(plan).trimEnd());
      for (const line of unseen) terminal.say(safeText(`Not seen: ${line}`));
      for (const { what, commands } of tasks)
        terminal.say(
          [`For its administrators: ${safeText(what)}`, ...commands.map((one) => `  ${safeText(one)}`)].join('\n'),
        );
      if (plans.length === 0)
        terminal.say(safeText(`Nothing is left at ${customer.name} that your roles let you take away.`));
      if (told && told.made.size + told.cutOff.size > 0)
        terminal.say('An earlier attempt did a part: this one goes on.');
      await folder.write('plan.txt', plans.map((plan) => planSheet(plan)).join('\n'));
      terminal.say(safeText(`Written down in ${out}.`));
      const isPartial = unseen.length > 0 || tasks.some(({ advice }) => !advice);
      if (values['plan'] === true) {
        if (values['json'] === true)
          await terminal.write(`${toJson({ customer: customer.key, plans, unseen, tasks })}\n`);
        return isPartial ? EXIT.partial : EXIT.complete;
      }
      const typed = await typedName(customer.name, values, terminal);
      const { steps, receipt, error } = await finishOffboarding(offboarding, azure.onboarding, {
        folder,
        typed,
        signal: terminal.signal,
        report: (message) => {
          if (terminal.errorIsScreen) terminal.status(safeText(message));
        },
      });
      terminal.status('');
      terminal.say(receipt.trimEnd());
      // It needs no access to the customer: what failed there does not keep its rows here.
      const erased =
        values['erase'] === true && !terminal.signal.aborted
          ? await erase(customer, folder, values, terminal)
          : undefined;
      if (values['json'] === true) {
        const results = steps.map(({ result }) => result);
        await terminal.write(
          `${toJson({ customer: customer.key, results, unseen, tasks, ...(erased ? { erased } : {}) })}\n`,
        );
      }
      if (error) return exitCodeOf(error);
      terminal.say(
        safeText(
          `Take ${customer.name} out of your customers file and baseline.${erased ? '' : ' "tenantscope rollup erase" removes what roll-ups have stored of it.'}`,
        ),
      );
      return isPartial ? EXIT.partial : EXIT.complete;
    } finally {
      azure.dispose();
      await folder.release();
    }
  },
};

/** The plan; who is in no estate any more has rows here all the same, which another command erases. */
async function planOf(
  name: string,
  world: OffboardWorld,
  folder: OnboardingFolder,
  values: Values,
  terminal: Terminal,
): Promise<Offboarding> {
  try {
    return await planOffboarding(name, world, folder, terminal.signal);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'input.customer' || values['erase'] !== true) throw thrown;
    throw new AppError(
      'input.customer',
      `${thrown.message} Nothing was erased: "tenantscope rollup erase" does that without access to it.`,
    );
  }
}

/** With what only this program knows of: the repository's baseline, and the centres that are named. */
async function worldOf(azure: Services, values: Values, terminal: Terminal): Promise<OffboardWorld> {
  const baseline = await soundBaselineIfAny(values, terminal);
  return {
    ...azure.onboarding,
    stored: ({ customer }) => storedOf(customer.key, values, terminal),
    ...(baseline ? { ownLocks: (customer) => baselineOf(baseline, customer).baseline.locks ?? {} } : {}),
  };
}

/** Erases what centres have of a customer, and keeps the receipt with the others (`erased.txt`). */
async function erase(
  customer: Pick<Customer, 'key' | 'name'>,
  folder: Pick<OnboardingFolder, 'write'>,
  values: Values,
  terminal: Terminal,
): Promise<readonly EraseReceipt[]> {
  const { receipts, namesakes } = await eraseStored(customer, values, terminal);
  const lines = [
    ...(receipts.length > 0
      ? eraseLines(customer.name, receipts)
      : [safeText(`No roll-up has stored anything of ${customer.name} at the centres that are named here.`)]),
    ...namesakes.map((key) =>
      safeText(
        `Roll-ups have rows of one called the same, with the key ${key}: they stay. If it is this customer, "tenantscope rollup erase" with that key erases them.`,
      ),
    ),
  ];
  await folder.write('erased.txt', `${lines.join('\n')}\n`);
  for (const line of lines) terminal.say(line);
  return receipts;
}

async function typedName(name: string, values: Values, terminal: Terminal): Promise<string> {
  const given = textOf(values, 'name');
  const typed =
    given ??
    (terminal.interactive ? await terminal.ask(`Type ${safeText(name)} to let this customer go: `) : undefined);
  if (typed !== undefined && typed !== name)
    throw new AppError(
      'input.notConfirmed',
      `Nothing was taken away: ${given === undefined ? 'you typed' : '--name is'} "${typed.slice(0, 80)}", and the name is "${name}".`,
    );
  if (typed === undefined || (!terminal.interactive && values['yes'] !== true))
    throw new AppError(
      'input.notConfirmed',
      `Nothing was taken away: to let ${name} go, repeat the name with --name, and add --yes where nobody can be asked.`,
    );
  return typed;
}
