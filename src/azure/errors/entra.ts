import { AppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import type { ErrorSubject } from './subject.ts';

/** What a person can do about a refusal. `forApplication` replaces the words where the caller is an application. */
interface Meaning {
  readonly code: ErrorCode;
  say(subject: ErrorSubject): string;
  forApplication?(subject: ErrorSubject): string;
  readonly retryable?: true;
}

const INTERACTION: Meaning = {
  code: 'auth.interactionRequired',
  say: ({ tenant }) =>
    `Tenant ${tenant} asks for another sign-in step (multi-factor authentication or conditional access). Sign in to this tenant.`,
  forApplication: ({ tenant }) =>
    `Tenant ${tenant} asks for a step that an application cannot take (multi-factor authentication). Its administrator has to leave this service principal out of the policy.`,
};
const BLOCKED: Meaning = {
  code: 'auth.conditionalAccess',
  say: ({ tenant }) =>
    `A conditional access policy of tenant ${tenant} blocks this sign-in; signing in again will not help. Use a place or account the policy accepts, or ask the tenant's administrator for an exception.`,
  forApplication: ({ tenant }) =>
    `A conditional access policy for workload identities in tenant ${tenant} blocks this application. Run it from a place the policy accepts, or ask the tenant's administrator to leave the service principal out.`,
};
const DEVICE: Meaning = {
  code: 'auth.conditionalAccess',
  say: ({ tenant }) =>
    `Tenant ${tenant} accepts sign-ins only from a device or an app it manages (conditional access). Sign in on such a device, or ask the tenant's administrator for an exception.`,
};
const RISK: Meaning = {
  code: 'auth.conditionalAccess',
  say: ({ tenant }) =>
    `Tenant ${tenant} blocks this account because its sign-ins look risky. An administrator of the account's home tenant has to look into it.`,
};
const SIGN_IN: Meaning = {
  code: 'auth.signInRequired',
  say: ({ tenant }) => `The sign-in for tenant ${tenant} has ended. Sign in again.`,
  forApplication: ({ tenant }) =>
    `Tenant ${tenant} does not accept this application's credential. Check the application and its secret in that tenant.`,
};
const NOT_IN_TENANT: Meaning = {
  code: 'access.notInTenant',
  say: ({ tenant }) =>
    `This account has no identity in tenant ${tenant}, or the tenant does not exist. Ask the customer for a guest invitation or Azure Lighthouse access, or use another account.`,
};
const NOT_INSTALLED: Meaning = {
  code: 'access.notInTenant',
  say: ({ tenant }) =>
    `The application that signs you in does not exist in tenant ${tenant}. An administrator of the tenant has to consent to it, which installs it there; or use another way of signing in.`,
  forApplication: ({ tenant }) =>
    `This application has no service principal in tenant ${tenant}. An administrator of the tenant has to consent to it, which makes one; if it should be there already, check the client ID and the tenant.`,
};
const NOT_ASSIGNED: Meaning = {
  code: 'access.notAssigned',
  say: ({ tenant }) =>
    `Tenant ${tenant} lets only assigned accounts use the application that signs you in, and this account is not one of them. An administrator assigns it under Enterprise applications, Users and groups.`,
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
const NO_PERMISSION: Meaning = {
  code: 'auth.audienceRefused',
  say: ({ tenant }) =>
    `The application that signs you in does not list this service among its API permissions, so tenant ${tenant} gives no token for it. Add the permission to its registration, or use another way of signing in.`,
};
const NO_SERVICE: Meaning = {
  code: 'auth.audienceRefused',
  say: ({ tenant }) =>
    `Tenant ${tenant} does not know this service: its service principal is missing there. An administrator of the tenant adds it, for Log Analytics with "az ad sp create --id ca7f3f0b-7d91-482c-8e09-c5d840d0eac5".`,
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
  ...entries(INTERACTION, [16000, 50005, 50072, 50074, 50076, 50079, 50097, 50125, 50129, 50131, 50155, 50158, 530031]),
  ...entries(BLOCKED, [53003, 530032, 53035]),
  ...entries(DEVICE, [53000, 53001, 53002, 530021]),
  ...entries(RISK, [53004, 53011]),
  ...entries(SIGN_IN, [50058, 50078, 50089, 50132, 50133, 50173, 70008, 70043, 700081, 700082, 700084]),
  ...entries(NOT_IN_TENANT, [50020, 50034, 50107, 50177, 50178, 50194, 90002, 90072, 500212, 500213]),
  ...entries(NOT_INSTALLED, [70001, 700016, 7000229]),
  ...entries(NOT_ASSIGNED, [50105]),
  ...entries(BAD_SECRET, [7000212, 7000215, 7000222, 700027, 700024]),
  ...entries(CONSENT, [65001, 65004, 90094, 90095]),
  ...entries(NOT_PREAUTHORIZED, [65002]),
  ...entries(NO_PERMISSION, [650057]),
  ...entries(NO_SERVICE, [500011, 650052]),
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
    return new AppError(meaning.code, wordsFor(meaning, subject), {
      retryable: meaning.retryable ?? false,
      data: { tenant: subject.tenant, ...(number === undefined ? {} : { aadsts: number }) },
      cause,
    });
  if (number === undefined && oauth === undefined) return undefined;
  return new AppError(
    'auth.refused',
    `Tenant ${subject.tenant} refused the sign-in${number === undefined ? '' : ` (AADSTS${number})`}. ${
      subject.application ? 'Check the application in that tenant.' : 'Sign in again, or use another account.'
    }`,
    { data: { tenant: subject.tenant, ...(number === undefined ? {} : { aadsts: number }) }, cause },
  );
}

function wordsFor(meaning: Meaning, subject: ErrorSubject): string {
  return subject.application && meaning.forApplication ? meaning.forApplication(subject) : meaning.say(subject);
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
