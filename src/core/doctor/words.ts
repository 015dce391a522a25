import type { Check, CheckState, ProbeName, ServiceEnd } from '../../model/diagnosis.ts';

const PROBES: Readonly<Record<ProbeName, string>> = {
  proxy: 'Proxy',
  connection: 'Connection',
  certificate: 'Certificate',
  clock: 'Clock',
  accounts: 'Accounts',
  tenants: 'Tenants',
  signIn: 'Sign-in',
  resourceManager: 'Resource Manager',
  resourceGraph: 'Resource Graph',
  query: 'Query',
};

const SERVICES: Readonly<Record<ServiceEnd, string>> = {
  signIn: 'Microsoft Entra',
  resourceManager: 'Resource Manager',
  logAnalytics: 'Log Analytics',
};

const STATES: Readonly<Record<CheckState, string>> = {
  works: 'works',
  warns: 'look',
  fails: 'FAILS',
  skipped: 'not tried',
};

/** A check as cells for a person: what, for whom, how it stands, what was found, what to do next. */
export function toCells(
  check: Check,
): readonly [what: string, who: string, state: string, found: string, next: string] {
  const { probe, service, state, names, detail, message, next = '' } = check;
  const about = probe === 'signIn' || names.host !== undefined ? service && SERVICES[service] : undefined;
  const { account, tenant, workspace, host, proxy } = names;
  const who = [host, account, tenant, workspace].filter((name) => name !== undefined).join(', ');
  const through = proxy === undefined ? '' : ` (${proxy})`;
  return [
    about === undefined ? PROBES[probe] : `${PROBES[probe]}: ${about}`,
    who,
    STATES[state],
    `${message ?? detail}${through}`,
    // An error of ours says the next step itself.
    message === undefined ? next : '',
  ];
}

/** The checks without the account where it is the same for all and something else says for whom they are. */
export function withoutOnlyAccount(checks: readonly Check[]): readonly Check[] {
  const accounts = new Set(checks.flatMap(({ names }) => names.account ?? []));
  if (accounts.size !== 1) return checks;
  return checks.map((check) => {
    const { account: _, ...names } = check.names;
    return names.tenant === undefined ? check : { ...check, names };
  });
}

/** One line over all of it. */
export function summaryOf(checks: readonly Check[]): string {
  const count = (state: CheckState): number => checks.filter((check) => check.state === state).length;
  const [fails, warns, works] = [count('fails'), count('warns'), count('works')];
  const looks = warns === 0 ? '' : `, ${warns} to look at`;
  return fails === 0 ? `${works} checks work${looks}.` : `${fails} of ${checks.length} checks fail${looks}.`;
}
