import { AppError } from '../../base/errors.ts';
import type { AlertUserState } from '../../model/firedAlert.ts';
import type { Command, Values } from '../command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT_CODES_HELP } from '../exitCodes.ts';
import type { Terminal } from '../output/terminal.ts';
import { PLAN_EXPORT_HELP, PLAN_EXPORT_OPTIONS } from '../planExports.ts';
import { evaluateAlerts, testAlert } from './alertEvaluate.ts';
import { changeFired, listFired } from './alertList.ts';
import { applyRules, driftOfRules, planRules } from './alertRules.ts';

type Action = (name: string | undefined, values: Values, terminal: Terminal) => Promise<number>;

const changing =
  (state: AlertUserState): Action =>
  (id, values, terminal) =>
    changeFired(id, state, values, terminal);

const ACTIONS: Readonly<Record<string, Action>> = {
  plan: planRules,
  apply: applyRules,
  drift: driftOfRules,
  evaluate: evaluateAlerts,
  test: testAlert,
  list: (_name, values, terminal) => listFired(values, terminal),
  ack: changing('Acknowledged'),
  close: changing('Closed'),
  reopen: changing('New'),
};

/** `tenantscope alert`: alerts as files, as rules in each workspace or evaluated here, and what has fired. */
export const ALERT: Command = {
  name: 'alert',
  summary: 'alerts into existing systems: rules in each workspace, or evaluated here',
  options: {
    ...CONNECTION_OPTIONS,
    ...PLAN_EXPORT_OPTIONS,
    alerts: { type: 'string' },
    lake: { type: 'string' },
    out: { type: 'string' },
    approve: { type: 'string' },
    due: { type: 'boolean' },
    rules: { type: 'boolean' },
    scope: { type: 'string' },
    all: { type: 'boolean' },
    comment: { type: 'string' },
    yes: { type: 'boolean' },
    json: { type: 'boolean' },
    progress: { type: 'boolean' },
  },
  positionals: ['ACTION', '[NAME]'],
  actions: Object.keys(ACTIONS),
  help: `Usage: tenantscope alert plan | apply | drift NAME [options]
       tenantscope alert evaluate [NAME] --lake DIR [--due] [--out DIR] [--approve HOST]
       tenantscope alert test NAME --lake DIR | --rules
       tenantscope alert list [--scope SCOPE] [--all] [--json]
       tenantscope alert ack | close | reopen ID [--comment TEXT]

An alert is a file .tenantscope/alerts/NAME.kql: a query, and comment lines that say when it fires and who is told.
  // @scope group:gold              // @severity warning           // @frequency every 5m
  // @window 15m                    // @condition count > 10       // @failing 2 of 3
  // @condition average(Percent) >= 90
  // @dimension Computer            a column whose every value is an alert of its own
  // @autoResolve no                every evaluation that meets the condition fires
  // @lateness 5m                   evaluated here, a window is looked at so long after its end
  // @deliver webhook https://hooks.example/in for contoso
  // @deliver jsonLines alerts.jsonl              // @deliver ticket ticket.md
A delivery "for" a customer hears of that customer alone; one without is the provider's own and hears of everybody.
The same can be YAML, with these names and the query.

"plan" shows what would make it a scheduled query rule in every workspace of its scope, with an action group for its
webhooks; "apply" shows the same, asks, and does it; "drift" tells what differs, and ends with 10 where something does.
What the service would refuse is refused before, at its place. "evaluate" asks the query over all customers here
instead, and fires, resolves and tells by itself: run it on a schedule, from as many machines as share the lake. Every
window that is over since the last evaluation is looked at in order, 48 in a run and of the last two days; where others
are left it says so and ends with 4. An answer that lacks somebody resolves nothing of theirs. A webhook is called at
least once, with the common alert schema and the same Idempotency-Key each time; lines and tickets are written once.
"test" sends a made-up alert to each. "list" is what has fired at all customers within 30 days, of any rule; "ack" and
"close" say what you think of it.

  --alerts DIR           the folder of alerts (default: .tenantscope/alerts)
  --lake DIR             where the state of "evaluate" lies (default: $TENANTSCOPE_LAKE)
${PLAN_EXPORT_HELP} (plan)
  --out DIR              where JSON lines and tickets are written
  --approve HOST         the webhooks of these alerts at this host are right, as they are written now
  --due                  only where a window is over that was not looked at
  --rules                tests the action groups of the rules, through Azure Monitor
  --scope SCOPE          whose alerts are listed; --all: closed ones, too
  --comment TEXT         what is kept with the change
  --yes                  apply without asking
  --json                 one JSON document on standard output
  --progress             progress as lines on standard error where it is no screen
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [action, name], terminal }) {
    const act = Object.hasOwn(ACTIONS, action!) ? ACTIONS[action!] : undefined;
    if (act) return act(name, values, terminal);
    throw new AppError(
      'input.usage',
      `"${action!.slice(0, 40)}" is not something to do with an alert: ${Object.keys(ACTIONS).join(', ')}.`,
    );
  },
};
