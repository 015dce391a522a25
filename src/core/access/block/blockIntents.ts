import { AppError } from '../../../base/errors.ts';
import type { Customer, Estate } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import { issuerKey } from '../../../ports/issuer.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { WantedAssociation } from '../../baseline/handlers/collectionAssociationHandler.ts';
import type { Intent } from '../../changes/changeHandler.ts';
import { issuerOf } from '../../estate/path.ts';
import type { SettingBack } from './settingBackHandler.ts';
import type { BlockUndo, RemovedAssociation, RemovedSetting } from './undoFile.ts';

/** Something of a tenant, and whose token reaches it. */
export interface Placed {
  readonly tenant: TenantId;
  readonly issuer: Issuer;
}

/** Where something of an undo file lies now. Throws `input.undoFile` for what is none of that customer's. */
export function placeOf(id: string, { customer, customerName, workspace }: BlockUndo, estate: Estate): Placed {
  const subscription = id.split('/')[2]!.toLowerCase();
  // Machines of the customer may lie at its provider's, whose the workspace is; nobody else's are touched.
  const host = estate.workspaces.find((one) => one.key === workspace.toLowerCase())?.customer;
  const isTheirs = (owner: Customer['key']): boolean => owner === customer || owner === host;
  const known = estate.subscriptions?.find((one) => one.id.toLowerCase() === subscription);
  if (known && isTheirs(known.customer) && known.paths[0])
    return { tenant: known.tenant, issuer: { account: known.paths[0].account, tenant: known.paths[0].issuer } };
  const beside = estate.workspaces.find((one) => one.subscription.toLowerCase() === subscription);
  if (beside && isTheirs(beside.customer)) return { tenant: beside.tenant, issuer: issuerOf(beside) };
  throw new AppError(
    'input.undoFile',
    `The undo file names ${lastOf(resourceOf(id))} in subscription ${subscription}, which is none of ${customerName}'s that you reach. Nothing was sent.`,
  );
}

/** What one token does in one tenant, together: a plan each. */
export function byIssuer<T extends Placed>(items: readonly T[]): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = `${issuerKey(item.issuer)}\n${item.tenant}`;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** An association that is to be gone, or with a rule to be there. `at` numbers it within its plan. */
export function associationIntent(
  at: number,
  { id, rule, description }: Pick<RemovedAssociation, 'id'> & Partial<RemovedAssociation>,
): Intent<WantedAssociation> {
  return {
    id: `association${at + 1}`,
    resource: 'collectionAssociation',
    target: id,
    wanted: {
      machine: lastOf(resourceOf(id)),
      ...(rule === undefined ? {} : { rule }),
      ...(description === undefined ? {} : { description }),
    },
  };
}

/** A setting that is to send there again. */
export function settingIntent(
  { id, logs, metrics, dedicated }: RemovedSetting,
  workspace: string,
): Intent<SettingBack> {
  return {
    id: `setting ${id.toLowerCase()}`,
    resource: 'settingBack',
    target: id,
    wanted: { of: lastOf(resourceOf(id)), workspace, logs, metrics, ...(dedicated ? { dedicated } : {}) },
  };
}

/** The id of what an association or a setting is at. */
function resourceOf(id: string): string {
  return id.slice(0, id.toLowerCase().lastIndexOf('/providers/microsoft.insights/'));
}

/** The last part of an ARM id. */
export function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
