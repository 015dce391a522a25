import { join, resolve } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { planSheet } from '../../core/changes/planSheet.ts';
import { applyOffboarding } from '../../core/onboard/applyOffboarding.ts';
import { toNamePart } from '../../core/onboard/names.ts';
import { planOffboarding } from '../../core/onboard/offboard.ts';
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
import { eraseOf } from './rollupCustomer.ts';

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
    json: { type: 'boolean' },
    ...CENTRE_OPTIONS,
    ...CONNECTION_OPTIONS,
  },
  positionals: ['CUSTOMER'],
  help: `Usage: tenantscope offboard CUSTOMER [--plan] [--erase]
       tenantscope offboard CUSTOMER --yes --name CUSTOMER

Writes down what is there (settings.json, queries.json) and what the customer's people have to do (farewell.md). Then,
after you typed the customer's name: diagnostic settings that send to workspaces of yours or of others are
removed, and our delegations of Azure Lighthouse end. Workspaces stay, with their rows. What cannot be written down
keeps everything as it is. The receipt is receipt.txt.

  --out DIR              where its folder is (default: ${FOLDER})
  --plan                 write down and show what would be done, and end
  --name CUSTOMER        the customer's name, typed, where nobody can be asked
  --erase                also erase what roll-ups have stored of it, at every centre
  --yes                  do it without asking
  --json                 one JSON document on standard output
${CENTRE_HELP}
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [name], terminal }) {
    const azure = await openAzure(values, terminal);
    try {
      const out = resolve(textOf(values, 'out') ?? FOLDER, toNamePart(name!) || 'customer');
      const folder = openOnboardFolder(out);
      const leaving = await planOffboarding(name!, azure.onboarding, folder, terminal.signal);
      const { customer, plans, unseen } = leaving;
      for (const line of unseen) terminal.say(safeText(`Not seen: ${line}`));
      for (const plan of plans) terminal.say(planSheet(plan).trimEnd());
      terminal.say(safeText(`Written down in ${out}.`));
      if (values['plan'] === true) {
        if (values['json'] === true) await terminal.write(`${toJson({ customer: customer.key, plans, unseen })}\n`);
        return unseen.length > 0 ? EXIT.partial : EXIT.complete;
      }
      const typed = await typedName(customer.name, values, terminal);
      const { receipt, results, failed } = await applyOffboarding(leaving, typed, azure.provisioning, {
        folder,
        signal: terminal.signal,
        report: (message) => {
          if (terminal.errorIsScreen) terminal.status(safeText(message));
        },
      });
      terminal.status('');
      terminal.say(receipt.trimEnd());
      if (values['json'] === true) await terminal.write(`${toJson({ customer: customer.key, results, unseen })}\n`);
      if (failed) return failed.error ? exitCodeOf(failed.error) : EXIT.bug;
      if (values['erase'] === true) return await eraseOf(customer.name, { ...values, yes: true }, terminal);
      terminal.say(
        safeText(
          `Take ${customer.name} out of your customers file and baseline. "tenantscope rollup erase" removes what roll-ups have stored of it.`,
        ),
      );
      return unseen.length > 0 ? EXIT.partial : EXIT.complete;
    } finally {
      azure.dispose();
    }
  },
};

async function typedName(name: string, values: Values, terminal: Terminal): Promise<string> {
  const typed =
    textOf(values, 'name') ??
    (terminal.interactive ? await terminal.ask(`Type ${safeText(name)} to let this customer go: `) : undefined);
  if (typed !== name || (!terminal.interactive && values['yes'] !== true))
    throw new AppError(
      'input.notConfirmed',
      `Nothing was taken away: to let ${name} go, repeat the name with --name, and add --yes where nobody can be asked.`,
    );
  return typed;
}
