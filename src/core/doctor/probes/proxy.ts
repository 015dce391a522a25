import type { Route, RouteSource } from '../../../model/network.ts';
import type { ConnectionPort } from '../../../ports/connection.ts';
import { probe } from '../check.ts';
import type { ProbeCall, Probed } from '../check.ts';
import type { End } from '../ends.ts';
import { nextStep } from '../nextSteps.ts';

/** Who says so, in words without names. */
const BY: Readonly<Record<RouteSource, string>> = {
  script: 'by the auto-configuration file that Tenantscope is told to use',
  settings: "by VS Code's settings (http.proxy)",
  environment: 'by the environment (HTTPS_PROXY, ALL_PROXY)',
  systemScript: "by the system's auto-configuration file",
  system: "by the system's settings",
  none: 'no proxy is named for it',
};

/** How a service is reached, and who says so. That a proxy lets us through is what the connection shows. */
export function probeProxy(
  end: End,
  port: Pick<ConnectionPort, 'route'>,
  { clock }: Pick<ProbeCall, 'clock'>,
): Promise<Probed<Route>> {
  const names = { host: end.host };
  return named(
    probe({ probe: 'proxy', service: end.service, names }, clock, async () => {
      const route = await port.route(end.origin);
      const detail = `${route.proxy === undefined ? 'reached directly' : 'reached through a proxy'}, ${BY[route.by]}`;
      if (route.problem === undefined) return { value: route, detail };
      return {
        value: route,
        state: 'warns',
        detail: `${detail}; the system's auto-configuration file does not count (${route.problem.code})`,
        next: nextStep(route.problem.code),
      };
    }),
  );
}

/** The proxy is part of what was found, not of what was looked for. */
async function named(probed: Promise<Probed<Route>>): Promise<Probed<Route>> {
  const { check, ...rest } = await probed;
  const { proxy } = rest.value ?? {};
  return { ...rest, check: { ...check, names: { ...check.names, ...(proxy === undefined ? {} : { proxy }) } } };
}
