import type { AppErrorData } from '../../base/errors.ts';

/**
 * Why no row came of a table that may hold some: roles on single tables, a protected table, a workspace that only data
 * actions open, or a table whose very name is kept from the caller.
 */
export type Denial = 'denied' | 'protected' | 'dataActionsOnly' | 'hidden';

const WHAT: Readonly<Record<Denial, (workspace: string, tables: string) => string>> = {
  denied: (workspace, tables) => `${workspace} keeps the rows of ${tables} from this account.`,
  protected: (workspace, tables) =>
    `${workspace} gave no row of ${tables}, which is protected: that means nothing is there, or nothing for this account.`,
  dataActionsOnly: (workspace, tables) =>
    `${workspace} gave no row of ${tables}, and only data roles open it: nothing is there, or nothing for this account.`,
  hidden: (workspace, tables) =>
    `${workspace} has ${tables}, but not for this account: the service does not resolve it.`,
};

const ROLE: Readonly<Record<Denial, string>> = {
  denied: 'read access to the table',
  hidden: 'read access to the table',
  protected: 'the role Privileged Monitoring Data Reader',
  dataActionsOnly: 'the role Log Analytics Data Reader',
};

/** Tables told by name in a message. */
const NAMED = 3;

/**
 * Rows that this caller is not given, and who can mend it. `lighthouse`: the workspace is reached by delegation, which
 * carries no data actions and no custom roles.
 */
export function tableDenied(
  workspace: string,
  tables: readonly string[],
  reason: Denial,
  lighthouse: boolean,
): AppErrorData {
  const more = tables.length - NAMED;
  const names = `${tables.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const mend = lighthouse
    ? `Azure Lighthouse cannot carry ${ROLE[reason]}: ask the customer's administrator to give it to a guest or an application of their tenant.`
    : `Ask an owner of the workspace for ${ROLE[reason]}.`;
  return {
    code: 'access.tableDenied',
    message: `${WHAT[reason](workspace, names)} ${mend}`,
    retryable: false,
    data: { tables, reason },
  };
}

/** A name that is not resolved, in a workspace whose list of tables cannot be read: nobody knows which it is. */
export function tableUnknown(workspace: string, table: string, why: AppErrorData, service: AppErrorData): AppErrorData {
  return {
    code: 'access.tableUnknown',
    message: `${workspace} does not resolve ${table}: it is missing there, or kept from this account. Its list of tables, which would tell, cannot be read (${why.message}) Ask for the role Log Analytics Reader on the workspace.`,
    retryable: false,
    data: { table, service, list: why },
  };
}
