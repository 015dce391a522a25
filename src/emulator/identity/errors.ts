import { ServiceError, type RequestContext } from '../router.ts';
import type { World } from '../state.ts';

interface EntraErrorSpec {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly text: string;
  readonly suberror?: string;
  readonly claims?: string;
}

/**
 * A failure as Entra's token endpoint writes it: `{error, error_description: "AADSTS…", error_codes, timestamp,
 * trace_id, correlation_id, error_uri}`.
 */
export function entraError(world: World, ctx: RequestContext, spec: EntraErrorSpec): ServiceError {
  const time = new Date(world.clock.now())
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  const description = `AADSTS${spec.code}: ${spec.text} Trace ID: ${ctx.requestId} Correlation ID: ${ctx.correlationId} Timestamp: ${time}`;
  return new ServiceError(
    {
      status: spec.status,
      body: {
        error: spec.error,
        error_description: description,
        error_codes: [spec.code],
        timestamp: time,
        trace_id: ctx.requestId,
        correlation_id: ctx.correlationId,
        error_uri: `${ctx.origin}/error?code=${spec.code}`,
        ...(spec.suberror ? { suberror: spec.suberror } : {}),
        ...(spec.claims ? { claims: spec.claims } : {}),
      },
    },
    description,
  );
}

/** The answers of Entra that the emulator gives, by what happened. */
export const ENTRA = {
  unknownTenant: (tenant: string): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_request',
    code: 90002,
    text: `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  }),
  noTenant: (): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_request',
    code: 50059,
    text: 'No tenant-identifying information found in either the request or implied by any provided credentials.',
  }),
  missing: (name: string): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_request',
    code: 900144,
    text: `The request body must contain the following parameter: '${name}'.`,
  }),
  unknownApp: (appId: string, tenant: string): EntraErrorSpec => ({
    status: 400,
    error: 'unauthorized_client',
    code: 700016,
    text: `Application with identifier '${appId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  }),
  noSecret: (): EntraErrorSpec => ({
    status: 401,
    error: 'invalid_client',
    code: 7000218,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  }),
  badSecret: (appId: string): EntraErrorSpec => ({
    status: 401,
    error: 'invalid_client',
    code: 7000215,
    text: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${appId}'.`,
  }),
  badAssertion: (): EntraErrorSpec => ({
    status: 401,
    error: 'invalid_client',
    code: 700027,
    text: 'The certificate with identifier used to sign the client assertion is not registered on application, or the assertion is not valid for this endpoint or time.',
  }),
  badScope: (scope: string): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_scope',
    code: 1002012,
    text: `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  }),
  unknownResource: (resource: string, tenant: string): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_resource',
    code: 500011,
    text: `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  }),
  badGrant: (grant: string): EntraErrorSpec => ({
    status: 400,
    error: 'unsupported_grant_type',
    code: 70003,
    text: `The app requested an unsupported grant type '${grant}'.`,
  }),
  badPassword: (): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_grant',
    code: 50126,
    text: 'Error validating credentials due to invalid username or password.',
  }),
  unknownUser: (username: string): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_grant',
    code: 50034,
    text: `The user account ${username} does not exist in the directory. To sign into this application, the account must be added to the directory.`,
  }),
  notInTenant: (username: string, home: string, tenant: string): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_grant',
    code: 50020,
    text: `User account '${username}' from identity provider 'https://sts.windows.net/${home}/' does not exist in tenant '${tenant}' and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.`,
  }),
  mfaRequired: (resource: string, claims: string): EntraErrorSpec => ({
    status: 400,
    error: 'interaction_required',
    code: 50076,
    suberror: 'basic_action',
    claims,
    text: `Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '${resource}'.`,
  }),
  blocked: (): EntraErrorSpec => ({
    status: 400,
    error: 'interaction_required',
    code: 53003,
    suberror: 'message_only',
    text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  }),
  consentMissing: (appId: string): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_grant',
    code: 65001,
    suberror: 'consent_required',
    text: `The user or administrator has not consented to use the application with ID '${appId}'. Send an interactive authorization request for this user and resource.`,
  }),
  refreshExpired: (): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_grant',
    code: 700082,
    text: 'The refresh token has expired due to inactivity. The token was issued more than 90 days ago and was inactive.',
  }),
  signInTooOld: (): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_grant',
    code: 70043,
    suberror: 'bad_token',
    text: 'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.',
  }),
  badRefresh: (): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_grant',
    code: 9002313,
    text: 'Invalid request. Request is malformed or invalid.',
  }),
  badCode: (): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_grant',
    code: 70008,
    text: 'The provided authorization code or refresh token has expired or was already used. Send a new interactive authorization request.',
  }),
  badVerifier: (): EntraErrorSpec => ({
    status: 400,
    error: 'invalid_grant',
    code: 501481,
    text: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  }),
  pending: (): EntraErrorSpec => ({
    status: 400,
    error: 'authorization_pending',
    code: 70016,
    text: 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  }),
  declined: (): EntraErrorSpec => ({
    status: 400,
    error: 'authorization_declined',
    code: 70018,
    text: 'The end user denied the authorization request.',
  }),
  deviceExpired: (): EntraErrorSpec => ({
    status: 400,
    error: 'expired_token',
    code: 70020,
    text: "The provided value for the input parameter 'device_code' is not valid: the device code has expired.",
  }),
  badDeviceCode: (): EntraErrorSpec => ({
    status: 400,
    error: 'bad_verification_code',
    code: 70019,
    text: 'Verification code expired or not recognized.',
  }),
} as const;
