import type { AppErrorData, ErrorFamily } from '../../base/errors.ts';
import { familyOf } from '../../base/errors.ts';
import type { CommandId } from './commandIds.ts';

/** A button beside a message of failure, and the command behind it. */
export interface ErrorAction {
  readonly title: string;
  readonly command: CommandId;
}

/** The one next step each family of failure offers beside its message; the message itself says the rest. */
const ACTIONS: Readonly<Record<ErrorFamily, ErrorAction | undefined>> = {
  cancelled: undefined,
  auth: { title: 'Sign In', command: 'tenantscope.signIn.start' },
  access: { title: 'Show Estate Problems', command: 'tenantscope.estate.showProblems' },
  query: undefined,
  service: { title: 'Show Log', command: 'tenantscope.log.show' },
  network: { title: 'Show Log', command: 'tenantscope.log.show' },
  engine: { title: 'Show Log', command: 'tenantscope.log.show' },
  input: undefined,
  bug: { title: 'Show Log', command: 'tenantscope.log.show' },
};

/** The button for a failure, by its family; undefined where there is no next step to offer. */
export function findErrorAction(error: AppErrorData): ErrorAction | undefined {
  return ACTIONS[familyOf(error.code)];
}
