import { familyOf } from '../base/errors.ts';
import type { AppErrorData, ErrorFamily } from '../base/errors.ts';

/**
 * What a command ends with, for scripts: one number per family of failure, and one for an answer that lacks somebody.
 */
export const EXIT = {
  complete: 0,
  bug: 1,
  usage: 2,
  auth: 3,
  partial: 4,
  access: 5,
  query: 6,
  service: 7,
  network: 8,
  engine: 9,
  /** `assess --fail-on`, `baseline check --fail-on`, and what differs (`alert drift`). */
  findings: 10,
  cancelled: 130,
} as const;

const BY_FAMILY: Readonly<Record<ErrorFamily, number>> = {
  cancelled: EXIT.cancelled,
  auth: EXIT.auth,
  access: EXIT.access,
  query: EXIT.query,
  service: EXIT.service,
  network: EXIT.network,
  engine: EXIT.engine,
  input: EXIT.usage,
  bug: EXIT.bug,
};

/** The exit code of a failure, by its family. */
export function exitCodeOf(error: Pick<AppErrorData, 'code'>): number {
  return BY_FAMILY[familyOf(error.code)];
}

/** For `--help`. */
export const EXIT_CODES_HELP = `Exit codes:
  0    complete: everybody who was asked answered in full
  1    a bug of ours
  2    the command line, the scope or an input file is wrong; nothing was sent
  3    sign-in failed or is needed
  4    partial: an answer came, but somebody is missing from it (it says who)
  5    no access
  6    the query was refused (syntax, names, limits)
  7    the service failed
  8    the network failed
  9    the local engine failed (disk, memory)
  10   a finding is at least as bad as --fail-on says (assess, baseline), or something differs (drift)
  130  cancelled`;
