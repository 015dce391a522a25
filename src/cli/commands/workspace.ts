import { AppError } from '../../base/errors.ts';
import type { Command } from '../command.ts';
import { CONNECTION_HELP, CONNECTION_OPTIONS } from '../connection.ts';
import { EXIT_CODES_HELP } from '../exitCodes.ts';
import { PLAN_EXPORT_HELP, PLAN_EXPORT_OPTIONS } from '../planExports.ts';
import { ESTATE } from './estate.ts';
import { createWorkspace } from './workspaceCreate.ts';
import { removeWorkspace, updateWorkspace } from './workspaceChange.ts';

/** `tenantscope workspace`: lists workspaces; shows the plan of a change to one, asks, and carries it out. */
export const WORKSPACE: Command = {
  name: 'workspace',
  summary: 'create, recover, change, delete and list workspaces',
  options: {
    ...CONNECTION_OPTIONS,
    ...PLAN_EXPORT_OPTIONS,
    out: { type: 'string' },
    scope: { type: 'string' },
    format: { type: 'string' },
    json: { type: 'boolean' },
    reachable: { type: 'boolean' },
    progress: { type: 'boolean' },
    subscription: { type: 'string' },
    'resource-group': { type: 'string' },
    'create-resource-group': { type: 'boolean' },
    region: { type: 'string' },
    sku: { type: 'string' },
    retention: { type: 'string' },
    cap: { type: 'string' },
    tag: { type: 'string', multiple: true },
    permanent: { type: 'boolean' },
    name: { type: 'string' },
    plan: { type: 'boolean' },
    yes: { type: 'boolean', short: 'y' },
  },
  positionals: ['ACTION', '[NAME]'],
  actions: ['list', 'create', 'recover', 'update', 'delete'],
  help: `Usage: tenantscope workspace list [--scope SCOPE] [--format table|json|csv]
       tenantscope workspace create NAME --subscription ID|NAME --resource-group RG --region REGION [options]
       tenantscope workspace recover NAME --subscription ID|NAME --resource-group RG --region REGION [options]
       tenantscope workspace update WORKSPACE [--retention DAYS] [--cap GB|none] [--tag KEY=VALUE ...]
       tenantscope workspace delete WORKSPACE [--permanent --name NAME]

Shows what it is going to do, asks, and does it. WORKSPACE is a name, customer/name, a workspace ID or a resource ID.

  --subscription S       where the workspace is to be, by id or name
  --resource-group RG    its resource group
  --create-resource-group  make the resource group, where it is not there yet
  --region REGION        e.g. westeurope
  --sku SKU              PerGB2018 (default) or CapacityReservation:GB, e.g. CapacityReservation:100
  --retention DAYS       30 to 730, 30 unless given
  --cap GB               daily cap; none unless given
  --tag KEY=VALUE        may be given several times; update replaces all tags
  --permanent            delete for good, without the 14 days of soft delete; --name repeats the name to confirm it
  --plan                 only show the plan
${PLAN_EXPORT_HELP}
  -y, --yes              do not ask
  --json                 the result as JSON on standard output
${CONNECTION_HELP}

${EXIT_CODES_HELP}`,
  async run(input) {
    const [action, name] = input.positionals;
    if (action === 'list') {
      if (name !== undefined)
        throw new AppError('input.usage', `"${name}" is one argument too many. Use --scope to choose.`);
      return ESTATE.run({ ...input, positionals: [] });
    }
    const actions = {
      create: createWorkspace,
      recover: createWorkspace,
      update: updateWorkspace,
      delete: removeWorkspace,
    };
    const act = Object.hasOwn(actions, action!) ? actions[action as keyof typeof actions] : undefined;
    if (!act)
      throw new AppError(
        'input.usage',
        `"${action!}" is not something to do with a workspace: list, create, recover, update, delete. See "tenantscope workspace --help".`,
      );
    if (name === undefined) throw new AppError('input.usage', `Which workspace? See "tenantscope workspace --help".`);
    return act({ action: action!, name, values: input.values, terminal: input.terminal });
  },
};
