import { workspaceArmId } from '../../provision/checkName.ts';
import { findDeleted, sameRegion } from '../../provision/nameState.ts';
import { SOFT_DELETE_DAYS } from '../../provision/rules.ts';
import type { PreflightCheck } from './preflightCheck.ts';
import { fine, ownWorkspace } from './preflightCheck.ts';

/** Whether the name of the workspace is free, ours already, or held by a deleted one. */
export const nameFree: PreflightCheck = {
  name: 'name of the workspace',
  async look({ customer, issuer, provision, signal }) {
    if (!ownWorkspace(customer)) return undefined;
    const { subscription, resourceGroup, workspace, region } = customer;
    const there = await provision.workspace(issuer, workspaceArmId(subscription, resourceGroup, workspace), signal);
    if (there)
      return sameRegion(there.region, region)
        ? fine(`The workspace ${workspace} is there already.`)
        : {
            state: 'stops',
            message: `The workspace ${workspace} is there already, in ${there.region} and not ${region}.`,
            remedy: 'Give the customer its region, or another name of a workspace.',
          };
    const deleted = await provision.deletedWorkspaces(issuer, subscription, signal);
    if (!findDeleted(deleted, resourceGroup, workspace)) return fine(`The name ${workspace} is free.`);
    return {
      state: 'stops',
      message: `A workspace ${workspace} was deleted from ${resourceGroup} less than ${SOFT_DELETE_DAYS} days ago and keeps the name: made again, it would come back with its rows.`,
      remedy: `Bring it back on purpose with "tenantscope workspace recover ${workspace}", or give the customer another name of a workspace.`,
    };
  },
};
