import { AppError, toAppError } from '../base/errors.ts';
import { didYouMean, suggestNames } from '../core/estate/suggestions.ts';
import { helpOf, parseCommand } from './command.ts';
import type { Command } from './command.ts';
import { ACCESS } from './commands/access.ts';
import { ALERT } from './commands/alert.ts';
import { ASSESS } from './commands/assess.ts';
import { CENTRAL } from './commands/central.ts';
import { CENTRE } from './commands/centre.ts';
import { BASELINE } from './commands/baseline.ts';
import { CUSTOMER } from './commands/customer.ts';
import { CUSTOMERS } from './commands/customers.ts';
import { DOCTOR } from './commands/doctor.ts';
import { runEmulator } from './commands/emulator.ts';
import { ESTATE } from './commands/estate.ts';
import { KQL } from './commands/kql.ts';
import { MCP } from './commands/mcp.ts';
import { NOTEBOOK } from './commands/notebook.ts';
import { OFFBOARD } from './commands/offboard.ts';
import { ONBOARD } from './commands/onboard.ts';
import { PACK } from './commands/pack.ts';
import { QUERY } from './commands/query.ts';
import { REPORT } from './commands/report.ts';
import { ROLLUP } from './commands/rollup.ts';
import { SCHEMA } from './commands/schema.ts';
import { WORKSPACE } from './commands/workspace.ts';
import { EXIT, EXIT_CODES_HELP, exitCodeOf } from './exitCodes.ts';
import { safeText } from './output/safeText.ts';
import { processTerminal } from './output/terminal.ts';
import { VERSION } from './version.ts';

const COMMANDS: readonly Command[] = [
  ESTATE,
  SCHEMA,
  QUERY,
  PACK,
  NOTEBOOK,
  ROLLUP,
  CENTRAL,
  CENTRE,
  ALERT,
  REPORT,
  ASSESS,
  BASELINE,
  ACCESS,
  CUSTOMERS,
  CUSTOMER,
  WORKSPACE,
  ONBOARD,
  OFFBOARD,
  DOCTOR,
  KQL,
  MCP,
];

const NAMES = [...COMMANDS.map(({ name }) => name), 'emulator', '--version', '--help'];

const HELP = `Usage: tenantscope COMMAND [options]

The Azure Monitor logs of many customers, from a terminal or a pipeline.

${[...COMMANDS, { name: 'emulator', summary: 'an emulated Azure with a sample estate, on this machine' }].map(({ name, summary }) => `  ${name.padEnd(11)}${summary}`).join('\n')}

"tenantscope COMMAND --help" tells more about each. Answers go to standard output, everything about them to standard error.

${EXIT_CODES_HELP}`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'emulator') return runEmulator(rest);
  const terminal = processTerminal();
  try {
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      const about = COMMANDS.find((entry) => entry.name === rest[0]);
      await terminal.write(`${about ? helpOf(about, rest[1]) : HELP}\n`);
      return name === undefined ? EXIT.usage : EXIT.complete;
    }
    if (name === '--version') {
      await terminal.write(`${VERSION}\n`);
      return EXIT.complete;
    }
    const command = COMMANDS.find((entry) => entry.name === name);
    if (!command)
      throw new AppError(
        'input.usage',
        `"${name.slice(0, 40)}" is not a command.${didYouMean(suggestNames(name, NAMES))} See "tenantscope --help".`,
      );
    const parsed = parseCommand(command, rest);
    if (parsed.values['help']) {
      await terminal.write(`${helpOf(command, parsed.positionals[0])}\n`);
      return EXIT.complete;
    }
    return await command.run({ ...parsed, terminal });
  } catch (thrown) {
    if (terminal.outputEnded !== undefined) return terminal.outputEnded;
    const error = toAppError(thrown);
    terminal.status('');
    terminal.say(`tenantscope: ${safeText(error.message)}`);
    if (error.family === 'bug' && process.env['TENANTSCOPE_DEBUG']) terminal.say(String((thrown as Error).stack));
    return exitCodeOf(error);
  }
}

// Set, not exited with: what is still on its way to a pipe must arrive.
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode ??= code;
  },
  (error: unknown) => {
    process.stderr.write(`tenantscope: ${String(error)}\n`);
    process.exitCode = EXIT.bug;
  },
);
