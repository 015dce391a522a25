/** Whom a failure is about, in words that go into its message. */
export interface ErrorSubject {
  /** The tenant whose token was used. */
  readonly tenant: string;
  /**
   * e.g. `workspace law-contoso`, `subscription 1111...`; the tenant itself where the call was about nothing smaller.
   */
  readonly what: string;
  /** True where the caller is an application: it is never told to sign in or to do what only a person can. */
  readonly application?: boolean;
}

/**
 * The subject of a call to `url`: the workspace or query pack, else the resource group, the subscription or the tenant
 * in its path. Never the query string.
 */
export function subjectOf(url: string, tenant: string): ErrorSubject {
  const path = url.replace(/[?#].*$/, '');
  const found = /\/workspaces\/([^/]+)/i.exec(path)?.[1];
  if (found) return { tenant, what: `workspace ${decode(found)}` };
  const pack = /\/querypacks\/([^/]+)/i.exec(path)?.[1];
  if (pack) return { tenant, what: `query pack ${decode(pack)}` };
  const group = /\/resourcegroups\/([^/]+)/i.exec(path)?.[1];
  if (group) return { tenant, what: `resource group ${decode(group)}` };
  const subscription = /\/subscriptions\/([^/]+)/i.exec(path)?.[1];
  return { tenant, what: subscription ? `subscription ${decode(subscription)}` : `tenant ${tenant}` };
}

/** A subject for calls that are about a tenant as a whole. */
export function subjectOfTenant(tenant: string, application = false): ErrorSubject {
  return { tenant, what: `tenant ${tenant}`, ...(application ? { application } : {}) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
