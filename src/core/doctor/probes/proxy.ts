import type { Check } from '../../../model/diagnosis.ts';
import type { ConnectionPort } from '../../../ports/connection.ts';
import type { End } from '../ends.ts';

/** Whether a proxy stands before a service. That it lets us through is what the connection shows. */
export function probeProxy(end: End, port: Pick<ConnectionPort, 'proxyOf'>): Check {
  const proxy = port.proxyOf(end.origin);
  return {
    probe: 'proxy',
    service: end.service,
    names: { host: end.host, ...(proxy === undefined ? {} : { proxy }) },
    state: 'works',
    detail: proxy === undefined ? 'reached directly' : 'reached through a proxy',
    ms: 0,
  };
}
