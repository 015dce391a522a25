import { summaryOf, toCells, withoutOnlyAccount } from '../../core/doctor/words.ts';
import { withoutNames } from '../../core/doctor/withoutNames.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Command } from '../command.ts';
import { openAzure } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP, exitCodeOf } from '../exitCodes.ts';
import { printTable } from '../output/printTable.ts';

/** `tenantscope doctor`. */
export const DOCTOR: Command = {
  name: 'doctor',
  summary: 'what works between here and Azure, and what to do where it does not',
  options: { ...CONNECTION_OPTIONS, json: { type: 'boolean' }, names: { type: 'boolean' } },
  positionals: [],
  help: `Usage: tenantscope doctor [options]

Looks at the way to each service (proxy, certificate, clock), then for every account and tenant at sign-in, Resource
Manager, Resource Graph and a query, and says for each what works or what to do next. It changes nothing.

  --json                 for support: no secrets, and numbers in place of accounts, tenants, workspaces and hosts
  --names                with --json: the names, and what errors say in their own words
${CONNECTION_HELP}

It ends with 0 where nothing failed, with 4 where a workspace answers all the same, else with the first failure's code.

${EXIT_CODES_HELP}`,
  async run({ values, terminal }) {
    const azure = await openAzure(values, terminal);
    try {
      if (terminal.errorIsScreen) terminal.status('Looking at the connection');
      const diagnosis = await azure.doctor.diagnose(terminal.signal);
      terminal.status('');
      if (values['json'] === true)
        await terminal.write(
          `${JSON.stringify(values['names'] === true ? diagnosis : withoutNames(diagnosis), undefined, 2)}\n`,
        );
      else {
        // Lines of a pipe say everything each; on a screen there is no room to repeat who asks.
        const checks = terminal.width === undefined ? diagnosis.checks : withoutOnlyAccount(diagnosis.checks);
        await printTable(terminal, 'table', COLUMNS, checks.map(toCells));
      }
      terminal.say(summaryOf(diagnosis.checks));
      return exitCode(diagnosis);
    } finally {
      azure.dispose();
    }
  },
};

const COLUMNS = (['Check', 'For', 'State', 'Found', 'Next'] as const).map((name) => ({
  name,
  type: 'string' as const,
}));

function exitCode({ checks }: Diagnosis): number {
  const failure = checks.find(({ state }) => state === 'fails');
  if (!failure) return EXIT.complete;
  const answers = checks.some(({ probe, state }) => probe === 'query' && state === 'works');
  return answers || failure.code === undefined ? EXIT.partial : exitCodeOf({ code: failure.code });
}
