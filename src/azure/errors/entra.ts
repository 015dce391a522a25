import { AppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import type { ErrorSubject } from './subject.ts';

interface Meaning {
  readonly code: ErrorCode;
  say(subject: ErrorSubject): string;
  readonly retryable?: true;
}

const INTERACTION: Meaning = {
  code: 'auth.interactionRequired',
  say: ({ tenant }) =>
    `Tenant ${tenant} asks for another sign-in step (multi-factor authentication or conditional access). Sign in to this tenant.`,
};
const SIGN_IN: Meaning = {
  code: 'auth.signInRequired',
  say: ({ tenant }) => `The sign-in for tenant ${tenant} has ended. Sign in again.`,
};
const NOT_IN_TENANT: Meaning = {
  code: 'access.notInTenant',
  say: ({ tenant }) =>
    `This account has no identity in tenant ${tenant}, or the tenant does not exist. Ask the customer for a guest invitation or Azure Lighthouse access, or use another account.`,
};
const BAD_SECRET: Meaning = {
  code: 'auth.badSecret',
  say: ({ tenant }) =>
    `Tenant ${tenant} refused the client secret: it is wrong or has expired. Make a new secret for the application and store it here.`,
};
const CONSENT: Meaning = {
  code: 'auth.consentRequired',
  say: ({ tenant }) =>
    `Nobody in tenant ${tenant} has consented to this application yet. An administrator of the tenant has to.`,
};
const NOT_PREAUTHORIZED: Meaning = {
  code: 'auth.audienceRefused',
  say: ({ tenant }) =>
    `The application that signs you in may not have a token of this service from tenant ${tenant}. Use another way of signing in, such as the Azure CLI.`,
};
const DISABLED: Meaning = {
  code: 'auth.accountDisabled',
  say: ({ tenant }) =>
    `The account is disabled or locked in tenant ${tenant}. An administrator of the tenant has to unlock it.`,
};
const BUSY: Meaning = {
  code: 'service.unavailable',
  say: ({ tenant }) => `The sign-in service could not answer for tenant ${tenant} just now. Try again.`,
  retryable: true,
};

/** Microsoft Entra's error numbers by what a person can do about them (Entra's reference of AADSTS codes). */
const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  ...entries(
    INTERACTION,
    [
      16000, 50005, 50072, 50074, 50076, 50079, 50097, 50125, 50129, 50131, 50155, 50158, 53000, 53001, 53002, 53003,
      53004, 53011, 530031, 530032,
    ],
  ),
  ...entries(SIGN_IN, [50058, 50078, 50089, 50132, 50133, 50173, 70008, 70043, 700081, 700082, 700084]),
  ...entries(
    NOT_IN_TENANT,
    [50020, 50034, 50105, 50107, 50177, 50178, 50194, 70001, 90002, 90072, 500212, 500213, 700016],
  ),
  ...entries(BAD_SECRET, [7000212, 7000215, 7000222, 700027, 700024]),
  ...entries(CONSENT, [65001, 65004, 90094, 90095]),
  ...entries(NOT_PREAUTHORIZED, [65002, 500011]),
  ...entries(DISABLED, [50053, 50055, 50057, 7000112]),
  ...entries(BUSY, [50196, 90006, 90020, 90033, 90055]),
]);

function entries(meaning: Meaning, codes: readonly number[]): (readonly [number, Meaning])[] {
  return codes.map((code) => [code, meaning] as const);
}

/** The AADSTS number in an answer of Entra, or in a message made from one. */
export function findEntraCode(text: string): number | undefined {
  const found = /AADSTS(\d{4,8})/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/**
 * What a refusal by Entra means; `oauth` is the protocol's own word (`interaction_required`, `invalid_grant`, ...), for
 * numbers nobody listed.
 */
export function fromEntra(
  text: string,
  oauth: string | undefined,
  subject: ErrorSubject,
  cause?: unknown,
): AppError | undefined {
  const number = findEntraCode(text);
  const meaning = (number === undefined ? undefined : MEANINGS.get(number)) ?? byProtocolWord(oauth);
  if (meaning)
    return new AppError(meaning.code, meaning.say(subject), {
      retryable: meaning.retryable ?? false,
      data: { tenant: subject.tenant, ...(number === undefined ? {} : { aadsts: number }) },
      cause,
    });
  if (number === undefined && oauth === undefined) return undefined;
  return new AppError(
    'auth.refused',
    `Tenant ${subject.tenant} refused the sign-in${number === undefined ? '' : ` (AADSTS${number})`}. Sign in again, or use another account.`,
    { data: { tenant: subject.tenant, ...(number === undefined ? {} : { aadsts: number }) }, cause },
  );
}

function byProtocolWord(word: string | undefined): Meaning | undefined {
  switch (word) {
    case 'interaction_required':
    case 'login_required':
      return INTERACTION;
    case 'consent_required':
      return CONSENT;
    case 'invalid_grant':
    case 'expired_token':
      return SIGN_IN;
    case 'invalid_client':
      return BAD_SECRET;
    case 'temporarily_unavailable':
    case 'server_error':
      return BUSY;
    default:
      return undefined;
  }
}
