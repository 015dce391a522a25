import { AppError } from '../../base/errors.ts';
import type { Command } from '../command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT_CODES_HELP } from '../exitCodes.ts';
import { PLAN_EXPORT_HELP, PLAN_EXPORT_OPTIONS } from '../planExports.ts';
import { checkCentral } from './centralCheck.ts';
import { planAccess, planViews } from './centralPlans.ts';

/** `tenantscope central`: a workspace that several customers send to. */
export const CENTRAL: Command = {
  name: 'central',
  summary: 'a workspace that several customers share: who sends, whose rows nobody can tell, views and access for each',
  options: {
    ...CONNECTION_OPTIONS,
    ...PLAN_EXPORT_OPTIONS,
    workspace: { type: 'string' },
    timespan: { type: 'string' },
    'fail-on': { type: 'string' },
    customer: { type: 'string' },
    table: { type: 'string', multiple: true },
    principal: { type: 'string' },
    'principal-type': { type: 'string' },
    'principal-name': { type: 'string' },
    whole: { type: 'boolean' },
    out: { type: 'string' },
    plan: { type: 'boolean' },
    yes: { type: 'boolean' },
    json: { type: 'boolean' },
    progress: { type: 'boolean' },
  },
  positionals: ['ACTION'],
  actions: ['check', 'views', 'access'],
  actionHelp: {
    check: `Usage: tenantscope central check --workspace WORKSPACE [--timespan SPAN] [--fail-on PERCENT] [--json]

Counts the rows of each customer in a workspace that several send to, and lists who sends those that are nobody's, with
the rule for the customers file that would tell.

  --workspace WORKSPACE  the workspace
  --timespan SPAN        rows of which time count: 24h unless given
  --fail-on PERCENT      end with 10 where more of the rows are nobody's; 0 for any
  --json                 one JSON document
${CONNECTION_HELP}

"tenantscope central --help" tells how rules are written, and of the other actions.

${EXIT_CODES_HELP}`,
  },
  help: `Usage: tenantscope central check --workspace WORKSPACE [--timespan SPAN] [--fail-on PERCENT] [--json]
       tenantscope central views --workspace WORKSPACE --customer NAME [--table NAME] [--plan | --yes]
       tenantscope central access --workspace WORKSPACE --customer NAME --principal ID [--table NAME] [--whole] [--plan | --yes]

The customers file says which workspaces are shared ("shared"), and whose rows are whose where the estate does not know:
  { "customers": [...],
    "shared": [{ "workspace": "central-logs", "rules": [
      { "customer": "contoso", "computer": "contoso.com" },
      { "customer": "coho", "resource": "/subscriptions/.../resourceGroups/rg-coho" },
      { "customer": "coho", "column": "Customer_s", "value": "COH" } ] }] }
Subscriptions, tenants and domains of customers are known, and need no rule. Queries then have each row under its own
customer, "customer:coho" means its rows there, too, and what nothing names a customer of is "(not attributed)".

"check" counts the rows of each customer, and lists who sends those that are nobody's, with the rule that would tell.
"views" plans functions in the workspace that give one customer's rows, one for each table: coho_Heartbeat().
"access" plans the role Log Analytics Data Reader for somebody, with a condition (ABAC) that leaves one customer's rows,
or by --whole tables that hold nobody else's. What conditions cannot say is told and stays closed; who has a role that
reads everything is refused. It takes a token of the workspace's own tenant: Azure Lighthouse gives no such roles.

  --workspace WORKSPACE  the workspace
  --customer NAME        whose rows, by key or name
  --table NAME           which tables, may be given several times (default: those with rows of the customer)
  --timespan SPAN        rows of which time count: 24h unless given
  --fail-on PERCENT      end with 10 where more of the rows are nobody's; 0 for any
  --principal ID         object ID of who is to read, in the workspace's tenant; --principal-name is what plans call it
  --principal-type TYPE  Group (unless given), User or ServicePrincipal
  --plan                 show what would be done, and do nothing
${PLAN_EXPORT_HELP}
  --yes                  go on without asking
  --json                 one JSON document
  --progress             progress as lines on standard error where it is no screen
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [action], terminal }) {
    switch (action) {
      case 'check':
        return checkCentral(values, terminal);
      case 'views':
        return planViews(values, terminal);
      case 'access':
        return planAccess(values, terminal);
      default:
        throw new AppError(
          'input.usage',
          `"${action!.slice(0, 40)}" is not something to do with a shared workspace: check, views, access.`,
        );
    }
  },
};
