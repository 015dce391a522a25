import type { CheckNames, ServiceEnd } from '../../../model/diagnosis.ts';
import type { TokenSource } from '../../../ports/accounts.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import { probe } from '../check.ts';
import type { ProbeCall, Probed } from '../check.ts';

/** Whether an account gets a token of a tenant for a service. The token itself stays where it is. */
export function probeSignIn(
  issuer: Issuer,
  { service, audience }: { readonly service: ServiceEnd; readonly audience: string },
  names: CheckNames,
  tokens: Pick<TokenSource, 'getToken'>,
  { clock, signal }: ProbeCall,
): Promise<Probed<true>> {
  return probe({ probe: 'signIn', service, names }, clock, async () => {
    const { expiresOn } = await tokens.getToken({ ...issuer, audience, signal });
    const minutes = Math.max(0, Math.round((expiresOn - clock.now()) / 60_000));
    return { value: true, detail: `a token for ${minutes} minutes` };
  });
}
