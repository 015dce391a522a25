import { AppError } from '../../base/errors.ts';
import type { SourceTable } from '../../kql/scopeSchema.ts';
import type { CentralCheck } from '../../model/centralCheck.ts';
import type { Customer, Estate, Workspace } from '../../model/estate.ts';
import type { AttributionRule } from '../../model/sharedWorkspace.ts';
import type { RoleAssignmentNow } from '../../ports/centre.ts';
import { readingOf } from '../assess/readingRoles.ts';
import type { CentreWriter, RoleAssignmentWanted } from '../centre/roleAssignmentHandler.ts';
import type { Intent } from '../changes/changeHandler.ts';
import type { Draft } from '../changes/makePlan.ts';
import { issuerOf } from '../estate/path.ts';
import { planSubjects } from '../provision/whose.ts';
import { readCondition, tableCondition } from './readCondition.ts';

/** Who is to read what of a shared workspace. */
export interface AccessWanted {
  readonly customer: Customer;
  readonly reader: CentreWriter;
  /** Whole tables, which hold rows of nobody else; else the customer's rows in the tables. */
  readonly whole: boolean;
  readonly tables: readonly SourceTable[];
}

/** What is there: whose rows lie where, what the reader may do already, and how the workspace is opened. */
export interface AccessPlace {
  readonly workspace: Workspace;
  readonly estate: Estate;
  readonly rules: readonly AttributionRule[];
  readonly check: CentralCheck;
  readonly roles: readonly RoleAssignmentNow[];
  /** Who may read a resource reads its logs, too; undefined where nobody can tell. */
  readonly byResource: boolean | undefined;
  readonly newId: () => string;
}

/** The role that reads rows by a data action alone, so that a condition can keep it to some. */
const DATA_READER = { id: '3b03c2da-16b3-4a49-8834-0f8130efdd3b', name: 'Log Analytics Data Reader', ofData: true };

/**
 * The draft of letting somebody read one customer's rows of a shared workspace. Throws `input.widerRole` where a role
 * that is there reads all of it anyway, `input.tables` where a whole table has rows of others, and `input.condition`.
 */
export function draftAccess(wanted: AccessWanted, place: AccessPlace): Draft {
  const { workspace, estate, rules, roles, check } = place;
  const { customer, reader, whole, tables } = wanted;
  const issuer = issuerOf(workspace);
  checkWider(roles, reader, workspace);
  if (whole) checkWhole(wanted, check);
  const { condition, closed } = whole
    ? { condition: tableCondition(tables.map(({ name }) => name)), closed: [] }
    : readCondition(rules, customer.key, tables);
  const known = roles.find(
    ({ armId, roleId, condition: has }) =>
      roleId.toLowerCase() === DATA_READER.id && has !== undefined && isAt(armId, workspace.armId),
  );
  const intent: Intent<RoleAssignmentWanted> = {
    id: 'role',
    resource: 'roleAssignment',
    target: known?.armId ?? `${workspace.armId}/providers/Microsoft.Authorization/roleAssignments/${place.newId()}`,
    wanted: {
      scope: workspace.armId,
      scopeName: `workspace ${workspace.name}`,
      role: DATA_READER,
      writer: reader,
      owner: workspace.tenant,
      issuer: issuer.tenant,
      condition,
    },
  };
  const names = tables.map(({ name }) => name).join(', ');
  return {
    title: `Let ${reader.name} read ${whole ? names : `the rows of ${customer.name}`} in ${workspace.name}`,
    issuer,
    owner: workspace.tenant,
    about: [
      ...planSubjects(estate, { ...workspace, account: issuer.account, issuer: issuer.tenant, workspace }),
      { what: 'Tables', name: names },
    ],
    intents: [intent],
    warnings: [
      ...closed.map((text) => `Stays closed: ${text}`),
      ...byResource(place),
      'Roles add up: a role that reads all of the workspace, given later or to a group, makes the condition void.',
      'Functions, workbooks and alert rules of the workspace can be read by who reads the workspace: they may name others.',
    ],
  };
}

/** Who reads by a resource is asked for no role on the workspace, and no condition. */
function byResource({ byResource: opened, workspace: { name } }: AccessPlace): readonly string[] {
  if (opened === false) return [];
  return [
    opened === undefined
      ? `The access mode of ${name} is not visible. Unless it is "require workspace permissions", whoever may read a resource reads its logs whatever the condition.`
      : `The access mode of ${name} is "use resource or workspace permissions": whoever may read a resource reads its logs whatever the condition. A baseline closes that (features.resourcePermissions).`,
  ];
}

/** Conditions only keep from somebody what no other role gives. */
function checkWider(roles: readonly RoleAssignmentNow[], reader: CentreWriter, { name }: Workspace): void {
  const wider = roles.filter(({ roleId, condition }) => {
    const reading = readingOf(roleId);
    return reading === 'rows' || (reading === 'data' && condition === undefined);
  });
  const [first] = wider;
  if (!first) return;
  const scope = /^(.*)\/providers\/Microsoft\.Authorization\//i.exec(first.armId)?.[1] ?? '/';
  throw new AppError(
    'input.widerRole',
    `${reader.name} already has a role that reads all of ${name} (${first.roleId}, on ${scope || '/'}): a condition would keep nothing from them. Take that role away first. Nothing was changed.`,
  );
}

function checkWhole({ customer, tables }: AccessWanted, { sent, nobodys, leftOut }: CentralCheck): void {
  for (const { name } of tables) {
    const others = sent.filter((one) => one.table === name && one.customer !== customer.key);
    const unread = leftOut.some(({ table }) => table === name);
    const theirs = [
      ...new Set(others.map(({ customerName }) => customerName)),
      ...(nobodys.some(({ table }) => table === name) ? ['nobody'] : []),
    ];
    if (theirs.length > 0 || unread)
      throw new AppError(
        'input.tables',
        unread
          ? `Whose the rows of ${name} are was not read, so it is not opened as a whole.`
          : `${name} has rows of ${theirs.join(', ')}, too: it is not ${customer.name}'s as a whole.`,
      );
  }
}

function isAt(armId: string, scope: string): boolean {
  return armId.toLowerCase().startsWith(`${scope.toLowerCase()}/providers/microsoft.authorization/`);
}
