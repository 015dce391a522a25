import { AppError } from '../../../base/errors.ts';
import type { ConnectionPort, Reached } from '../../../ports/connection.ts';
import { probe } from '../check.ts';
import type { ProbeCall, Probed } from '../check.ts';
import type { End } from '../ends.ts';

/**
 * Whether a service answers at all; what it answers to a question without a token does not matter. `proxy`: `host:port`
 * of the one before it, where there is one.
 */
export function probeConnection(
  end: End,
  proxy: string | undefined,
  port: Pick<ConnectionPort, 'reach'>,
  { clock, signal }: ProbeCall,
): Promise<Probed<Reached>> {
  const names = { host: end.host, ...(proxy === undefined ? {} : { proxy }) };
  return probe({ probe: 'connection', service: end.service, names }, clock, async () => {
    const reached = await port.reach(end.url, signal);
    if (reached.status === 407)
      throw new AppError('network.proxyRefused', 'The proxy wants to know who asks. Set its user and password.');
    if (reached.status >= 500)
      throw new AppError('service.unavailable', `${end.host} answers ${reached.status}. Try again in a few minutes.`);
    return { value: reached, detail: 'answers' };
  });
}
