import { AppError, toAppError } from '../../base/errors.ts';
import type { Services } from '../../app/services.ts';
import { whose, whoseText } from '../../core/provision/whose.ts';
import type { ReachableSubscription } from '../../core/provision/reachableSubscriptions.ts';
import type { Plan, WorkspaceRequest } from '../../model/plan.ts';
import { numberOf, textOf } from '../command.ts';
import type { Values } from '../command.ts';
import { openAzure } from '../compose.ts';
import type { Terminal } from '../output/terminal.ts';
import { planAndDo, readTags } from './workspaceAction.ts';
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
    const place = await findSubscription(wanted, azure, terminal);
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
    const plan = await planOrHint(azure, request, place.name, recover, terminal);
    return await planAndDo(azure, plan, `${recover ? 'Recovered' : 'Created'} ${name} in ${region}.`, action);
  } finally {
    azure.dispose();
  }
}

/** The plan; where a deleted workspace holds the name, the refusal names the command that brings it back. */
async function planOrHint(
  azure: Services,
  request: WorkspaceRequest,
  subscriptionName: string,
  recover: boolean,
  { signal }: Terminal,
): Promise<Plan> {
  try {
    return await azure.provisioning.planWorkspace(request, { recover, subscriptionName }, signal);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code !== 'input.softDeleted' || recover) throw error;
    throw new AppError(error.code, `${error.message} Use "tenantscope workspace recover".`, { cause: error });
  }
}

async function findSubscription(wanted: string, azure: Services, { signal }: Terminal): Promise<ReachableSubscription> {
  const all = await azure.provisioning.subscriptions(undefined, signal);
  const found = all.filter(
    (entry) => entry.subscription === wanted.toLowerCase() || entry.name.toLowerCase() === wanted.toLowerCase(),
  );
  const [first, second] = found;
  if (first && !second) return first;
  if (first) {
    const estate = await azure.estate.load({ signal });
    const ids = found.map(({ subscription, tenant }) => `${subscription} of ${whoseText(whose(estate, tenant))}`);
    throw new AppError(
      'input.subscription',
      `"${wanted}" is the name of ${found.length} subscriptions. Use an id: ${ids.join(', ')}.`,
    );
  }
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
