import { createHash } from 'node:crypto';
import { AssessClient } from '../azure/arm/assess/assessClient.ts';
import { BaselineClient } from '../azure/arm/baseline/baselineClient.ts';
import { LeavingClient } from '../azure/arm/onboard/leavingClient.ts';
import { OnboardClient } from '../azure/arm/onboard/onboardClient.ts';
import { ProvisionClient } from '../azure/arm/provisionClient.ts';
import { TenantLookup } from '../azure/identity/tenantLookup.ts';
import { MicrosoftGraphClient } from '../azure/graphApi/microsoftGraphClient.ts';
import type { AzureClients } from '../azure/clients.ts';
import type { BlockWorld } from '../core/access/block/customerBlocks.ts';
import type { OffboardWorld } from '../core/onboard/offboard.ts';
import type { OnboardWorld } from '../core/onboard/onboardWorld.ts';
import type { SavedQueries } from '../core/queryPacks/savedQueries.ts';
import type { TenantLookupPort } from '../ports/onboarding.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';

/** Onboarding customers, and letting them go. */
export type Onboarding = OnboardWorld & OffboardWorld & { readonly tenants: TenantLookupPort };

/** What of the services onboarding stands on. */
export interface OnboardingEnds extends Pick<OnboardWorld, 'estate' | 'provisioning' | 'changes' | 'logs'> {
  readonly clients: AzureClients;
  readonly directory: OffboardWorld['directory'];
  readonly savedQueries: Pick<SavedQueries, 'list'>;
}

/** Onboarding over Azure. */
export function openOnboarding({ clients, savedQueries, ...ends }: OnboardingEnds): Onboarding {
  const port = new OnboardClient(clients);
  const leaving = new LeavingClient(clients);
  return {
    ...ends,
    cloud: clients.cloud,
    clock: SYSTEM_CLOCK,
    provision: new ProvisionClient(clients),
    preflight: port,
    offboard: port,
    tenants: new TenantLookup(clients),
    leaving: {
      ownRoles: leaving,
      sending: leaving,
      preflight: port,
      names: new MicrosoftGraphClient(clients),
      assess: new AssessClient(clients),
      baseline: new BaselineClient(clients),
    },
    queries: ({ key }, signal) => savedQueries.list({ workspace: key }, signal),
    guidOf,
  };
}

/** What looks at diagnostic settings when one customer is shut out of a shared workspace. */
export function blockSenders(clients: AzureClients): BlockWorld['senders'] {
  return {
    offboard: new OnboardClient(clients),
    resources: new BaselineClient(clients),
    sending: new LeavingClient(clients),
  };
}

/** A GUID by name (RFC 9562, version 8: the hash is SHA-256). */
export function guidOf(...words: readonly string[]): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify(['tenantscope', ...words]))
    .digest();
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
