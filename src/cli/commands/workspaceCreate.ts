import { AppError } from '../../base/errors.ts';
import type { DirectoryPort } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { applyPlan } from '../../core/provision/applyPlan.ts';
import { checkName } from '../../core/provision/checkName.ts';
import { planWorkspace } from '../../core/provision/planWorkspace.ts';
import { reachableSubscriptions } from '../../core/provision/reachableSubscriptions.ts';
import type { ReachableSubscription } from '../../core/provision/reachableSubscriptions.ts';
import type { Estate } from '../../model/estate.ts';
import type { WorkspaceRequest } from '../../model/plan.ts';
import { numberOf, textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import { EXIT } from '../exitCodes.ts';
import { toJson } from '../output/json.ts';
import { confirm, describePlan, finish, readTags, showProgress } from './workspaceAction.ts';
import type { WorkspaceAction } from './workspaceAction.ts';

/** `workspace create` and `workspace recover`: the plan, the question, the work. */
export async function createWorkspace(action: WorkspaceAction): Promise<number> {
  const { name, values, terminal } = action;
  const recover = action.action === 'recover';
  const [wanted, resourceGroup, region] = (['subscription', 'resource-group', 'region'] as const).map((option) => {
    const value = textOf(values, option);
    if (!value) throw new AppError('input.usage', `--${option} is missing. See "tenantscope workspace --help".`);
    return value;
  }) as [string, string, string];
  const azure = await openAzure(values, terminal);
  try {
    const estate = await azure.estate.load({ signal: terminal.signal });
    const place = await findSubscription(wanted, estate, azure.directory);
    const issuer: Issuer = { account: place.account, tenant: place.issuer };
    const request: WorkspaceRequest = {
      account: place.account,
      issuer: place.issuer,
      tenant: place.tenant,
      subscription: place.subscription,
      resourceGroup,
      createResourceGroup: values['create-resource-group'] === true,
      name,
      region,
      sku: readSku(values),
      retentionDays: numberOf(values, 'retention') ?? 30,
      tags: readTags(values) ?? {},
      ...readCap(values),
    };
    const check = await checkName(
      azure.provision,
      { issuer, subscription: place.subscription, resourceGroup, region },
      name,
      terminal.signal,
    );
    if (check.state === 'invalid' || check.state === 'taken') throw new AppError('input.workspace', check.message);
    if (check.state === 'softDeleted' && !(recover && check.recoverable))
      throw new AppError(
        'input.softDeleted',
        recover ? check.message : `${check.message} Use "tenantscope workspace recover".`,
      );
    if (recover && check.state === 'free')
      throw new AppError('input.workspace', `There is no deleted workspace ${name} in ${resourceGroup} to recover.`);
    const customer = estate.customers.find((entry) => entry.key === place.customer);
    const tenant = estate.tenants.find((entry) => entry.id === place.tenant);
    const plan = planWorkspace(request, {
      subscriptionName: place.name,
      recover,
      ...(customer ? { customer } : {}),
      ...(tenant ? { tenantName: tenant.name } : {}),
    });
    if (values['plan'] === true && values['json'] === true) {
      await terminal.write(`${toJson(plan)}\n`);
      return EXIT.complete;
    }
    if (values['plan'] === true) await terminal.write(`${describePlan(plan)}\n`);
    else terminal.say(describePlan(plan));
    if (!(await confirm(`${plan.title}?`, action))) return EXIT.complete;
    const { listing: _listing, ...result } = await applyPlan(
      plan,
      azure.provision,
      (progress) => {
        showProgress(progress, action);
      },
      terminal.signal,
    );
    return await finish(result, `${recover ? 'Recovered' : 'Created'} ${name} in ${region}.`, action);
  } finally {
    azure.dispose();
  }
}

async function findSubscription(
  wanted: string,
  estate: Estate,
  directory: DirectoryPort,
): Promise<ReachableSubscription> {
  const all = await reachableSubscriptions(estate, directory);
  const found = all.filter(
    (entry) => entry.subscription === wanted.toLowerCase() || entry.name.toLowerCase() === wanted.toLowerCase(),
  );
  const [first, second] = found;
  if (first && !second) return first;
  if (first)
    throw new AppError(
      'input.subscription',
      `"${wanted}" is the name of ${found.length} subscriptions. Use an id: ${found.map((entry) => entry.subscription).join(', ')}.`,
    );
  const names = all
    .slice(0, 8)
    .map((entry) => `${entry.name} (${entry.subscription})`)
    .join(', ');
  throw new AppError(
    'input.subscription',
    `No subscription "${wanted}" can be reached.${names ? ` There are: ${names}${all.length > 8 ? ', ...' : ''}.` : ''}`,
  );
}

function readSku(values: Values): WorkspaceRequest['sku'] {
  const sku = textOf(values, 'sku') ?? 'PerGB2018';
  const [name, gb] = sku.split(':');
  if (name!.toLowerCase() === 'pergb2018' && gb === undefined) return { name: 'PerGB2018' };
  if (name!.toLowerCase() === 'capacityreservation' && gb !== undefined && /^\d+$/.test(gb))
    return { name: 'CapacityReservation', gbPerDay: Number(gb) };
  throw new AppError('input.usage', `--sku is PerGB2018 or CapacityReservation:GB, not "${sku}".`);
}

function readCap(values: Values): { dailyCapGb?: number } {
  if (textOf(values, 'cap')?.toLowerCase() === 'none') return {};
  const cap = numberOf(values, 'cap');
  return cap === undefined ? {} : { dailyCapGb: cap };
}
