import { EVERYTHING } from '../../../src/model/scope.ts';
import type { Centres } from '../../../src/model/centre.ts';
import type { RollupDefinition } from '../../../src/model/rollup.ts';

/** A roll-up into the centre `central`, with other settings where they are given. */
export function definition(more: Partial<RollupDefinition> = {}): RollupDefinition {
  return {
    name: 'SignIns',
    query: 'Event | where EventID == 4625 | project TimeGenerated, Computer',
    scope: EVERYTHING,
    windowMinutes: 60,
    latenessMinutes: 10,
    everyMinutes: 60,
    sinks: ['central'],
    limits: { rows: 50_000 },
    ...more,
  };
}

/** A centre in Log Analytics, with its state in blobs. */
export const CENTRES: Centres = {
  centres: [
    {
      kind: 'logAnalytics',
      name: 'central',
      tenant: '11111111-1111-4111-8111-111111111111',
      workspace:
        '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-central/providers/Microsoft.OperationalInsights/workspaces/law-central',
    },
    { kind: 'lake', name: 'lake', folder: '/lake' },
  ],
  state: { tenant: '11111111-1111-4111-8111-111111111111', container: 'https://state.blob.core.windows.net/rollups' },
};
