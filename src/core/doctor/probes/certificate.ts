import type { Check } from '../../../model/diagnosis.ts';
import type { Reached } from '../../../ports/connection.ts';
import { failed, skipped } from '../check.ts';
import type { Probed } from '../check.ts';
import type { End } from '../ends.ts';

/** Whether the certificate that a service (or what stands before it) showed is trusted here. */
export function probeCertificate(end: End, { value, error }: Pick<Probed<Reached>, 'value' | 'error'>): Check {
  const head = { probe: 'certificate', service: end.service, names: { host: end.host } } as const;
  if (value) return { ...head, state: 'works', detail: 'trusted', ms: 0 };
  if (error?.code === 'network.untrustedCertificate' || error?.code === 'network.badCertificate')
    return failed(head, error);
  // A service that answers with a failure has shown a certificate that was taken.
  return error?.family === 'service' && error.code !== 'service.timeout'
    ? { ...head, state: 'works', detail: 'trusted', ms: 0 }
    : skipped(head, 'not seen: the service was not reached');
}
