import { familyOf } from '../../base/errors.ts';
import type { ErrorCode, ErrorFamily } from '../../base/errors.ts';

const BY_CODE: Readonly<Partial<Record<ErrorCode, string>>> = {
  'auth.cliMissing': 'Install the Azure CLI, or choose another way of signing in.',
  'auth.signInRequired':
    'Sign in to this tenant: by its link in the Estate view, or with "az login --tenant" and the tenant\'s id.',
  'auth.interactionRequired':
    'Sign in to this tenant once more, by its link in the Estate view, or with "az login --tenant": it wants a further step, such as MFA.',
  'auth.audienceRefused':
    'Sign in to this tenant once more to allow Log Analytics; until then it is asked through Resource Manager.',
  'auth.clockSkew': "Set this machine's clock right.",
  'auth.wrongTenant': 'Sign out and in again: the token belongs to another tenant.',
  'access.notInTenant': 'Have the account invited by the tenant, or have its subscriptions delegated to yours.',
  'access.insufficient': 'Ask for Log Analytics Reader (or Reader) where the logs are; a new role may take an hour.',
  'access.notFound': 'Refresh the estate: what was asked is not there any more, or not for this account.',
  'access.noPath': 'Refresh the estate, or sign in with an account that reaches the workspace.',
  'network.untrustedCertificate':
    "Something between here and the service signs with an authority that is not trusted here. Add it to the system's certificates, or to NODE_EXTRA_CA_CERTS.",
  'network.badCertificate':
    "The service's certificate is not good: check this machine's clock and what stands between.",
  'network.nameNotFound':
    'Check the name service, the VPN, and whether a proxy has to be named (http.proxy, HTTPS_PROXY).',
  'network.refused': 'Check the firewall, and whether the proxy that is named is the right one.',
  'network.proxyScript':
    'See whether the proxy auto-configuration file can be opened from here and is right; else name a proxy (http.proxy, HTTPS_PROXY) or another file (tenantscope.network.proxyScript).',
  'network.proxyRefused':
    'Set user and password of the proxy (http.proxyAuthorization, or in http.proxy, HTTPS_PROXY).',
  'service.throttled': 'Too many requests at once: wait a few minutes.',
  'service.timeout': 'Try again; where it stays so, look for a proxy or firewall that holds requests back.',
};

const BY_FAMILY: Readonly<Record<ErrorFamily, string>> = {
  cancelled: 'Try again.',
  auth: 'Sign in again, or with another account.',
  access: 'Ask for access, or sign in with another account.',
  query: 'Send this report to support.',
  service: 'Try again in a few minutes.',
  network: 'Check the network, the proxy (http.proxy, HTTPS_PROXY) and the firewall.',
  engine: 'Send this report to support.',
  input: 'Check the settings of Tenantscope.',
  bug: 'Send this report to support.',
};

/** What a person can do about a failure, in words that name nobody. */
export function nextStep(code: ErrorCode): string {
  return BY_CODE[code] ?? BY_FAMILY[familyOf(code)];
}
