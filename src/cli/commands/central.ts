import { AppError } from '../../base/errors.ts';
import type { Command } from '../command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT_CODES_HELP } from '../exitCodes.ts';
import { checkCentral } from './centralCheck.ts';

/** `tenantscope central`: a workspace that several customers send to. */
export const CENTRAL: Command = {
  name: 'central',
  summary: 'a workspace that several customers share: who sends, and whose rows nobody can tell',
  options: {
    ...CONNECTION_OPTIONS,
    workspace: { type: 'string' },
    timespan: { type: 'string' },
    'fail-on': { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: ['ACTION'],
  help: `Usage: tenantscope central check --workspace WORKSPACE [--timespan SPAN] [--fail-on PERCENT] [--json]

The customers file says which workspaces are shared ("shared"), and whose rows are whose where the estate does not know:
  { "customers": [...],
    "shared": [{ "workspace": "central-logs", "rules": [
      { "customer": "contoso", "computer": "contoso.com" },
      { "customer": "coho", "resource": "/subscriptions/.../resourceGroups/rg-coho" },
      { "customer": "coho", "column": "Customer_s", "value": "COH" } ] }] }
Subscriptions, tenants and domains of customers are known, and need no rule. Queries then have each row under its own
customer, "customer:coho" means its rows there, too, and what nothing names a customer of is "(not attributed)".

"check" counts the rows of each customer, and lists who sends those that are nobody's, with the rule that would tell.

  --workspace WORKSPACE  the workspace
  --timespan SPAN        24h unless given
  --fail-on PERCENT      end with 10 where more of the rows are nobody's; 0 for any
  --json                 one JSON document
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run({ values, positionals: [action], terminal }) {
    switch (action) {
      case 'check':
        return checkCentral(values, terminal);
      default:
        throw new AppError(
          'input.usage',
          `"${action!.slice(0, 40)}" is not something to do with a shared workspace: check.`,
        );
    }
  },
};
