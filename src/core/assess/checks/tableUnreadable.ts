import type { WorkspaceFacts } from '../../../model/assessment/facts.ts';
import type { FindingSubject, Unknown } from '../../../model/assessment/findings.ts';
import type { CustomerFacts } from '../../../model/assessment/subject.ts';
import { PATH_NAMES } from '../../estate/path.ts';
import { kqlTable } from '../look/kql.ts';
import { overOwn } from '../look/overWorkspaces.ts';
import { covers, isRole } from '../look/roles.ts';
import { list } from '../look/words.ts';
import type { Check, Found } from './check.ts';
import { known } from './check.ts';

/** Rows that our roles cannot read, and that are missing without an error. */
export const tableUnreadable: Check = {
  id: 'tableUnreadable',
  title: 'Our roles read every table',
  severity: 'high',
  rule:
    'A table of a workspace of the customer is protected, or the whole workspace is read by data actions alone, and every way in gives roles ' +
    'of the control plane: Lighthouse, or a guest where no data role is assigned that covers the workspace.',
  why: 'Such roles get no rows and no error. Every query and every report looks as if nothing had happened.',
  remedy:
    'Have Privileged Monitoring Data Reader (for protected tables) or Log Analytics Data Reader assigned to a guest or a service principal in ' +
    "the customer's directory. Lighthouse cannot pass these on.",
  facts: ['configuration', 'tables', 'roles'],
  judge(customer) {
    return overOwn(customer, 'tables', (facts, subject, unknown) => {
      const configuration = known(facts.configuration, 'configuration', subject, unknown);
      const tables = known(facts.tables, 'tables', subject, unknown);
      const { paths, name, key, armId } = facts.workspace;
      const closed = configuration?.dataActionsOnly ?? facts.workspace.dataActionsOnly ?? false;
      const hidden = tables?.filter((table) => table.protected) ?? [];
      if ((!closed && hidden.length === 0) || paths.length === 0) return;
      if (paths.some(({ kind }) => kind !== 'lighthouse' && kind !== 'guest')) return;
      if (
        paths.some(({ kind }) => kind === 'guest') &&
        hasDataRole(customer, facts, closed, subject, unknown) !== false
      )
        return;
      const ways = list([...new Set(paths.map(({ kind }) => PATH_NAMES[kind]))].sort());
      const message = (what: string, role: string): string =>
        `We cannot read ${what}: it needs a data role, which our access does not have. Please assign ${role} in your own directory to the guest or application that we will name.`;
      if (closed)
        return {
          severity: 'high',
          subject,
          title: `All tables of ${name} are closed to us: it is read by data actions alone, and we come by ${ways}`,
          evidence: [{ text: 'dataAuthorizationMode is DataActionsOnly', measured: facts.configuration }],
          actions: [{ kind: 'openPortal', armId }],
          message: message(`your workspace ${name}`, 'Log Analytics Data Reader'),
        };
      return hidden.map((table): Found => ({
        severity: 'high',
        subject: { kind: 'table', name: `${table.name} in ${name}`, workspace: key },
        title: `${table.name} in ${name} is protected: we come by ${ways} and get 0 rows`,
        evidence: [{ text: 'protectionLevel is Protected', measured: facts.tables }],
        actions: [{ kind: 'openQuery', workspace: key, query: `${kqlTable(table.name)}\n| count`, timespan: 'P1D' }],
        message: message(`the table ${table.name} of your workspace ${name}`, 'Privileged Monitoring Data Reader'),
      }));
    });
  },
};

/** Whether a data role that covers the workspace is assigned to anybody: it may be to our guest. */
function hasDataRole(
  customer: CustomerFacts,
  { workspace }: WorkspaceFacts,
  closed: boolean,
  subject: FindingSubject,
  unknown: Unknown[],
): boolean | undefined {
  const subscription = customer.subscriptions.find((other) => other.subscription === workspace.subscription);
  if (!subscription) {
    const message = `Nobody could list the role assignments of the subscription of ${workspace.name}.`;
    unknown.push({ subject, fact: 'roles', error: { code: 'access.noRoles', message, retryable: false } });
    return undefined;
  }
  return known(subscription.roles, 'roles', subject, unknown)?.some(
    (role) =>
      covers(role.scope, workspace.key) &&
      // A condition may open a protected table to the reader of data, too.
      (isRole(role, 'privilegedDataReader') || (isRole(role, 'dataReader') && (closed || role.conditioned))),
  );
}
