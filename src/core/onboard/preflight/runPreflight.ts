import { toAppError } from '../../../base/errors.ts';
import type { PreflightFinding } from '../../../model/onboarding.ts';
import { dataActions } from './dataActions.ts';
import { mayWrite } from './mayWrite.ts';
import { nameFree } from './nameFree.ts';
import { policiesAllow } from './policiesAllow.ts';
import type { PreflightCheck, PreflightLook } from './preflightCheck.ts';
import { providersRegistered } from './providersRegistered.ts';
import { regionOffered } from './regionOffered.ts';
import { roomLeft } from './roomLeft.ts';

/** Every look before the first change, in the order they are told. */
export const PREFLIGHT_CHECKS: readonly PreflightCheck[] = [
  mayWrite,
  providersRegistered,
  roomLeft,
  regionOffered,
  policiesAllow,
  nameFree,
  dataActions,
];

/** All findings; what a check met is one, and stops no other. Rejects only when cancelled. */
export async function runPreflight(
  look: PreflightLook,
  checks: readonly PreflightCheck[] = PREFLIGHT_CHECKS,
): Promise<readonly PreflightFinding[]> {
  const findings = await Promise.all(
    checks.map(async ({ name, look: ask }): Promise<PreflightFinding | undefined> => {
      try {
        const said = await ask(look);
        return said && { check: name, ...said };
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.family === 'cancelled') throw error;
        return { check: name, state: 'unknown', message: `This could not be seen: ${error.message}` };
      }
    }),
  );
  return findings.filter((one) => one !== undefined);
}
