import { AppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { sentence } from './query.ts';
import type { WireError } from './query.ts';
import type { ErrorSubject } from './subject.ts';

type Data = Record<string, unknown>;

/** One kind of refusal: how it is recognised, and what a person can do about it. `said` are the service's own words. */
interface Refusal {
  readonly when: RegExp;
  readonly code: ErrorCode;
  say(subject: ErrorSubject, error: WireError, said: string): string;
  readonly retryable?: true;
}

/** What Resource Manager refuses by name, whatever the status: it sends most of these with 403 and with 409. */
const REFUSALS: readonly Refusal[] = [
  {
    when: /^RequestDisallowedByPolicy$/,
    code: 'access.policy',
    say: ({ what }, error, said) => {
      const names = policiesOf(error);
      const which = names.length > 0 ? `The policy ${names.map((name) => `"${name}"`).join(', ')}` : 'A policy';
      return `${which} of the customer does not allow this for the ${what}.${names.length > 0 ? '' : ` ${said}`} Change what it objects to, or ask for an exemption.`;
    },
  },
  {
    when: /^RequestDisallowedByAzure$/,
    code: 'access.policy',
    say: ({ what }, _error, said) =>
      `Azure does not let this subscription do that for the ${what}: mostly the region is not open to it. ${said} Choose another region.`,
  },
  {
    when: /^(ScopeLocked|ResourceGroupLocked|CannotDeleteLockedResource)$/,
    code: 'access.locked',
    say: ({ what }, _error, said) =>
      `A lock keeps the ${what} as it is. ${said} Its owner removes the lock (Locks, in the portal), then try again.`,
  },
  {
    when: /^(ReadOnlyDisabledSubscription|DisabledSubscription|SubscriptionDisabled|SubscriptionNotActive)$/,
    code: 'access.subscription',
    say: ({ what }) =>
      `The subscription of the ${what} is disabled and read-only. Its owner has to pay or reactivate it; until then nothing can be changed there.`,
  },
  {
    when: /^(MissingSubscriptionRegistration|SubscriptionNotRegistered|NoRegisteredProviderFoundInSubscription)$/,
    code: 'access.notRegistered',
    say: ({ what }, error) => {
      const namespace = namespaceOf(error);
      return `The subscription of the ${what} is not registered for ${namespace}. Somebody with Contributor on the subscription runs "az provider register --namespace ${namespace}", then try again.`;
    },
  },
  {
    // JulianHayward/Azure-MG-Sub-Governance-Reporting#114: 400, "The tenant needs an AAD Premium 2 license."
    when: /^AadPremiumLicenseRequired$/,
    code: 'access.notLicensed',
    say: ({ tenant }, _error, said) => `Tenant ${tenant} has no licence for Privileged Identity Management. ${said}`,
  },
  {
    when: /^LinkedAuthorizationFailed$/,
    code: 'access.insufficient',
    say: ({ what, tenant }, _error, said) =>
      `The identity of tenant ${tenant} may change the ${what}, but not another resource that it is linked to. ${said} Ask for a role on that resource, too.`,
  },
  {
    when: /Quota|LimitExceeded|MaxNumberOf|OverLimit/i,
    code: 'input.quota',
    say: ({ what }, _error, said) =>
      `A limit of the subscription or service is reached (${what}). ${said} Remove something, or ask for a higher limit.`,
  },
  {
    when: /InProgress|AnotherOperation|OperationNotAllowedOn|Busy/i,
    code: 'service.busy',
    say: ({ what }, _error, said) =>
      `Another operation on the ${what} is still running. ${said} Try again when it has ended.`,
    retryable: true,
  },
];

/** What Resource Manager's refusal (403, 409, or a named one of any status) means; undefined for anything else. */
export function fromResourceManager(
  status: number,
  error: WireError | undefined,
  subject: ErrorSubject,
  data: Data,
): AppError | undefined {
  const said = error?.message ? sentence(error.message) : '';
  const refusal = REFUSALS.find(({ when }) => when.test(error?.code ?? ''));
  if (refusal && error && status >= 400 && status < 500) {
    const facts = { ...data, ...factsOf(refusal.code, error) };
    return new AppError(refusal.code, tidy(refusal.say(subject, error, said)), {
      retryable: refusal.retryable ?? false,
      data: facts,
    });
  }
  if (status === 403) return forbidden(error, subject, said, data);
  if (status !== 409) return undefined;
  return new AppError(
    'input.conflict',
    tidy(`The ${subject.what} conflicts with something that exists. ${said} Choose another name or setting.`),
    { data },
  );
}

function factsOf(code: ErrorCode, error: WireError): Data {
  if (code === 'access.policy') return { policies: policiesOf(error) };
  return code === 'access.notRegistered' ? { namespace: namespaceOf(error) } : {};
}

function forbidden(error: WireError | undefined, subject: ErrorSubject, said: string, data: Data): AppError {
  const { what, tenant } = subject;
  const query = error?.code === 'InsufficientAccessError' || error?.innererror !== undefined;
  const need = query
    ? 'This account may not read its logs: it needs Log Analytics Reader on the workspace.'
    : `${said || 'This account lacks the permission.'} ${askFor(error?.message ?? '')}`;
  return new AppError(
    'access.insufficient',
    `No access to the ${what} with the identity of tenant ${tenant}. ${need} A new role may take up to 60 minutes to work.`,
    { data },
  );
}

/** The least built-in role for the action that the refusal names. */
function askFor(message: string): string {
  const action = /'(Microsoft\.[A-Za-z]+\/[A-Za-z/]+)'/i.exec(message)?.[1]?.toLowerCase();
  if (action === undefined) return 'Ask for the role that allows it.';
  if (action.endsWith('/register/action')) return 'Ask somebody with Contributor on the subscription.';
  if (action.startsWith('microsoft.operationalinsights/'))
    return action.endsWith('/read')
      ? 'Ask for Log Analytics Reader.'
      : 'Ask for Log Analytics Contributor on the workspace or its resource group.';
  if (action.startsWith('microsoft.resources/'))
    return action.endsWith('/read') ? 'Ask for Reader.' : 'Ask for Contributor on the subscription.';
  return action.endsWith('/read') ? 'Ask for Reader.' : 'Ask for the role that allows it.';
}

/** Names of the policies that refused, as their assignments are called. */
function policiesOf(error: WireError): readonly string[] {
  const infos = [error, ...(error.details ?? [])].flatMap((link) => link.additionalInfo ?? []);
  const names = infos.flatMap(({ info }) => {
    const name = info?.['policyAssignmentDisplayName'] ?? info?.['policyDefinitionDisplayName'];
    return typeof name === 'string' && name !== '' ? [name.slice(0, 120)] : [];
  });
  return [...new Set(names)];
}

/** The resource provider that is not registered: the target of the error's detail. */
function namespaceOf(error: WireError): string {
  const target = [error, ...(error.details ?? [])]
    .map((link) => link.target ?? '')
    .find((text) => /^[A-Za-z]+\.[A-Za-z.]+$/.test(text));
  return target ?? /namespace '([A-Za-z.]+)'/.exec(error.message ?? '')?.[1] ?? 'Microsoft.OperationalInsights';
}

function tidy(text: string): string {
  return text.replace(/ {2,}/g, ' ');
}
