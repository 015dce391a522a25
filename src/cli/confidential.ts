import { AppError } from '../base/errors.ts';
import type { RunService } from '../core/runs/runService.ts';
import { checkReaders } from '../core/runs/queryReaders.ts';
import { ASKED_AUDITED } from '../model/run.ts';
import type { Confidentiality, RunRequest, SharedRequests } from '../model/run.ts';
import { choiceOf } from './command.ts';
import type { Values } from './command.ts';
import { safeText } from './output/safeText.ts';
import type { Terminal } from './output/terminal.ts';

/** Options of commands that send a query: what workspaces may learn by it. */
export const CONFIDENTIAL_OPTIONS = { shared: { type: 'string' }, audited: { type: 'string' } } as const;

/** Their help. */
export const CONFIDENTIAL_HELP = `  --shared WHO           never (default), same-customer or everyone: whose workspaces may be asked by one request, in which
                         each reads the ids of the others; the answer is the same by far fewer requests
  --audited WHAT         allow (default), ask or refuse: workspaces that keep the text of queries for others to read, by name`;

const SHARED: Readonly<Record<string, SharedRequests>> = {
  never: 'never',
  'same-customer': 'sameCustomer',
  everyone: 'everyone',
};

/** What of a request the options say. Throws `input.usage`. */
export function confidentialOf(values: Values): Required<Confidentiality> {
  return {
    shared: SHARED[choiceOf(values, 'shared', Object.keys(SHARED), 'never')]!,
    audited: choiceOf(values, 'audited', ASKED_AUDITED, 'allow'),
  };
}

/**
 * The request as whoever is at the terminal wants it sent, where they want to be asked. Rejects with `query.audited`
 * where nobody is there, and with `cancelled.byUser` where they say no.
 */
export async function askReaders(
  runs: Pick<RunService, 'readers'>,
  request: RunRequest,
  terminal: Pick<Terminal, 'interactive' | 'ask' | 'signal' | 'say'>,
): Promise<RunRequest> {
  if (request.audited !== 'ask' || !terminal.interactive) return request;
  const readers = await runs.readers(request, terminal.signal);
  try {
    checkReaders(readers, 'ask');
  } catch (thrown) {
    terminal.say(safeText((thrown as AppError).message));
    const answer = await terminal.ask('Send it all the same? [y/N] ');
    if (!/^y(es)?$/i.test(answer.trim())) throw new AppError('cancelled.byUser', 'Nothing was sent.');
  }
  return { ...request, audited: 'allow' };
}

/**
 * An error of a run that was to ask first, where nobody could be asked: it says that, too. Any other one as it is. Only
 * `askReaders` asks, so of a run without it that is so on every terminal.
 */
export function unasked(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'query.audited' || error.data?.['ask'] !== true) return error;
  const message = `Nobody could be asked: --audited ask asks a person at a terminal, before "tenantscope query" alone. ${error.message}`;
  return new AppError(error.code, message, { cause: error, data: error.data });
}
