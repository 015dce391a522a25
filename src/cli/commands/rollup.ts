import { AppError } from '../../base/errors.ts';
import { AS_ONE } from '../rollupReports.ts';
import { chooseRollup, readRollups } from '../rollupFiles.ts';
import { CENTRE_HELP, CENTRE_OPTIONS } from '../centres/centresOption.ts';
import type { Command } from '../command.ts';
import { openRollups } from '../compose.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT, EXIT_CODES_HELP } from '../exitCodes.ts';
import { PLAN_EXPORT_HELP, PLAN_EXPORT_OPTIONS } from '../planExports.ts';
import { createRollup } from './rollupCreate.ts';
import { exportPowerBi, POWER_BI_HELP, POWER_BI_OPTIONS } from './rollupPowerBi.ts';
import { eraseOf, switchCustomer } from './rollupCustomer.ts';
import { prepareCentres } from './rollupPrepare.ts';
import { runRollups } from './rollupRun.ts';
import { makeRunner, RUNNER_OPTIONS } from './rollupRunner.ts';
import { planSummaryRules } from './rollupSummaryRule.ts';
import { listRollups, printStatus } from './rollupStatus.ts';

/** `tenantscope rollup`: queries that are pulled on a schedule to a lake, window by window. */
export const ROLLUP: Command = {
  name: 'rollup',
  summary: 'queries pulled to a lake on a schedule, nothing lost, nothing doubled',
  options: {
    ...CONNECTION_OPTIONS,
    ...CENTRE_OPTIONS,
    ...PLAN_EXPORT_OPTIONS,
    ...RUNNER_OPTIONS,
    remove: { type: 'boolean' },
    ...POWER_BI_OPTIONS,
    due: { type: 'boolean' },
    backfill: { type: 'string' },
    name: { type: 'string' },
    'dry-run': { type: 'boolean' },
    yes: { type: 'boolean' },
    plan: { type: 'boolean' },
    writer: { type: 'string' },
    'writer-type': { type: 'string' },
    json: { type: 'boolean' },
    progress: { type: 'boolean' },
  },
  positionals: ['ACTION', '[NAME]', '[ROLLUP]'],
  actions: AS_ONE,
  help: `Usage: tenantscope rollup create FROM.kql [--name NAME] [--dry-run]
       tenantscope rollup prepare NAME [--writer ID] [--plan] [--yes]
       tenantscope rollup run [NAME] --lake DIR [--due] [--backfill FROM/TO] [--dry-run] [options]
       tenantscope rollup runner github | container-apps [NAME] [--centre NAME] [--runners N] [--out FILE]
       tenantscope rollup runner logic-app NAME [--out FILE | --deploy]
       tenantscope rollup summary-rule NAME [--remove] [--out FILE]
       tenantscope rollup list | status --lake DIR [--json]
       tenantscope rollup pause | resume NAME --lake DIR
       tenantscope rollup off | on | erase CUSTOMER --lake DIR
       tenantscope rollup powerbi [NAME] --out DIR [--centre NAME] [--customer NAME]

A roll-up is a file .tenantscope/rollups/NAME.kql: a query, and comment lines that say how it is pulled. Rows as they are
make a portion; rows grouped by bin(TimeGenerated, ...) a summary, whose late rows are added when they come.
  // @window 1h                     how much is read at once, by the time it was ingested
  // @lateness 10m                  how long after its end a window is read
  // @recheck 24h                   how far back each run looks whether rows came to be seen since
  // @schedule every 1h             what --due means
  // @scope group:gold              // @limit 200000 rows          // @since 2026-01-31
  // @owner soc@example.com         // @sink lake                  // @key Computer, EventID
The same can be YAML: name, window, lateness, recheck, schedule, scope, limits, since, owner, sinks, key and query.

"run" reads every window that is over and not stored yet, workspace by workspace; a window that is read again takes the
place of what was stored. Run it as often as you like, from as many machines as share the lake: two never work on the
same workspace. "off" stops all reading of a customer at once; "erase" removes its rows, too, and prints the receipt.
"prepare" shows and makes the tables, rule, role and function that a Log Analytics centre needs for a roll-up; centres
are named in .tenantscope/centres.json ("tenantscope centre --help").
"runner" writes what runs roll-ups on their schedule: a workflow of GitHub Actions, an Azure Container Apps job (N of
them share the work), or a Logic App for one roll-up into a centre of Log Analytics, which says what it cannot do.
"summary-rule" has each workspace compute a summary by a rule of its own, which never counts rows that come late; the
roll-up in --out reads what the rules store.
Ask the lake with "tenantscope kql --data DIR": each roll-up is a table of its name.
"powerbi" writes a project for Power BI Desktop over a centre: a model, a report of two pages, and roles by customer.

${CENTRE_HELP}
  --due                  only workspaces that were not run for as long as the schedule says
  --backfill FROM/TO     also the windows of this range, again where they are stored: 2026-01-01/2026-02-01
  --dry-run              reads the last window of each workspace, tells rows and bytes of each customer, stores nothing
  --yes                  erase, or carry out a plan, without asking
  --plan                 only shows the plan of "prepare", "summary-rule", or a Logic App
${PLAN_EXPORT_HELP} (prepare)
  --out FILE             where "runner" and "summary-rule" write their file, "powerbi" its folder (new or empty)
  --centre NAME          what a runner or a Power BI project is for (powerbi: the lake unless given)
  --runners N            how many replicas of a job start together
  --deploy               makes the Logic App and gives its identity its roles, by plans
  --remove               takes summary rules away
  --writer ID            who runs it: an object ID, or me, that "prepare" gives the role on the rule
  --writer-type TYPE     ServicePrincipal (default), User or Group
${POWER_BI_HELP}
  --json                 one JSON document on standard output
  --progress             progress as lines on standard error where it is no screen
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [action, name, rollup], terminal }) {
    if (rollup !== undefined && action !== 'runner')
      throw new AppError(
        'input.usage',
        `"${rollup.slice(0, 60)}" is one argument too many. See "tenantscope rollup --help".`,
      );
    switch (action) {
      case 'create':
        return createRollup(needed(name, 'FROM.kql'), values, terminal);
      case 'prepare':
        return prepareCentres(needed(name, 'NAME'), values, terminal);
      case 'run':
        return runRollups(name, values, terminal);
      case 'runner':
        return makeRunner(needed(name, 'KIND'), rollup, values, terminal);
      case 'summary-rule':
        return planSummaryRules(needed(name, 'NAME'), values, terminal);
      case 'list':
        return listRollups(values, terminal);
      case 'status':
        return printStatus(values, terminal);
      case 'pause':
      case 'resume': {
        const { definition } = chooseRollup((await readRollups(values, terminal)).found, needed(name, 'NAME'));
        const { rollups, close } = await openRollups(values, terminal, []);
        try {
          await rollups[action](definition.name);
        } finally {
          await close();
        }
        terminal.say(`${definition.name} is ${action === 'pause' ? 'paused' : 'resumed'}.`);
        return EXIT.complete;
      }
      case 'off':
      case 'on':
        return switchCustomer(action, needed(name, 'CUSTOMER'), values, terminal);
      case 'erase':
        return eraseOf(needed(name, 'CUSTOMER'), values, terminal);
      case 'powerbi':
        return exportPowerBi(name, values, terminal);
      default:
        throw new AppError(
          'input.usage',
          `"${action!.slice(0, 40)}" is not something to do with a roll-up: ${AS_ONE.join(', ')}.`,
        );
    }
  },
};

function needed(name: string | undefined, what: string): string {
  if (name !== undefined) return name;
  throw new AppError('input.usage', `${what} is missing. See "tenantscope rollup --help".`);
}
