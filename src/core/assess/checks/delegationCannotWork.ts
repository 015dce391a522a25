import { overDelegations } from '../look/delegations.ts';
import { overOwn, seen, together, valueOf } from '../look/overWorkspaces.ts';
import { isRole } from '../look/roles.ts';
import { count, list } from '../look/words.ts';
import type { Check } from './check.ts';
import { known } from './check.ts';

/** A delegation promises rights that Azure Lighthouse does not give. */
export const delegationCannotWork: Check = {
  id: 'delegationCannotWork',
  title: 'What is delegated works',
  severity: 'high',
  rule:
    'A delegation has a role that works by data actions (Log Analytics Data Reader, Privileged Monitoring Data Reader, Monitoring Metrics ' +
    'Publisher), or a workspace of the customer that is read by data actions alone is reached by Lighthouse alone.',
  why:
    'Azure Lighthouse passes on no data actions. Queries come back without rows and without an error, and rows that are sent are refused: ' +
    'it looks as if there were nothing.',
  remedy:
    "Have the role assigned in the customer's own directory, to a guest or a service principal, or let control-plane roles read the workspace.",
  facts: ['delegations', 'configuration'],
  judge(customer) {
    return together(
      overDelegations(customer, (delegation, subject) => {
        const useless = delegation.roles.filter((role) =>
          isRole(role, 'dataReader', 'privilegedDataReader', 'metricsPublisher'),
        );
        const names = [...new Set(useless.map(({ roleName }) => roleName))].sort();
        if (names.length === 0) return;
        return {
          severity: 'high',
          subject,
          title: `${subject.name} delegates ${count(names.length, 'role')} that cannot work: ${list(names)}`,
          evidence: [{ text: `${list(names)} on ${list(delegation.scopes)}`, measured: delegation.measured }],
          message: `Our delegation "${subject.name}" holds ${names.length === 1 ? 'a role' : 'roles'} that Azure Lighthouse does not pass on (${list(names)}). Please assign ${names.length === 1 ? 'it' : 'them'} in your own directory to the guest or application that we will name.`,
        };
      }),
      overOwn(customer, 'configuration', ({ workspace, configuration: fact }, subject, unknown) => {
        const { paths, name, armId } = workspace;
        const only = paths.length > 0 && paths.every(({ kind }) => kind === 'lighthouse');
        if (!only) return;
        const measured = valueOf(fact) ? fact : workspace.dataActionsOnly ? seen(customer) : undefined;
        if (!measured) known(fact, 'configuration', subject, unknown);
        if (!(valueOf(fact)?.dataActionsOnly ?? workspace.dataActionsOnly)) return;
        return {
          severity: 'high',
          subject,
          title: `${name} is read by data actions alone, and Lighthouse, the only way in, passes none on`,
          evidence: [{ text: 'dataAuthorizationMode is DataActionsOnly; reached by Lighthouse', measured: measured! }],
          actions: [{ kind: 'openPortal', armId }],
          message: `Your workspace ${name} lets only those read who have a data role, which Azure Lighthouse does not pass on. Please invite a guest of ours and assign Log Analytics Data Reader, or set its access mode back.`,
        };
      }),
    );
  },
};
