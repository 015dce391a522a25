import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { gatherLive } from '../../../src/core/reports/gatherLive.ts';
import type { Gathered } from '../../../src/core/reports/gathered.ts';
import type { WorkspaceTables } from '../../../src/core/schema/tableCatalog.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import type { Estate, Tenant } from '../../../src/model/estate.ts';
import { toCustomerKey, toTenantId } from '../../../src/model/ids.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { LogsAnswer } from '../../../src/ports/logs.ts';
import { answer, estateOf, failure } from '../runs/world.ts';
import { PERIOD } from './gatheredSample.ts';

const DAY = '2026-02-28T00:00:00Z';
const VOLUME = ['Day:datetime', 'Table:string', 'Billable:bool', 'Megabytes:real', 'Last:datetime'];
const usage = (...tables: string[]): LogsAnswer =>
  answer(
    VOLUME,
    tables.map((table) => [DAY, table, true, 5, '2026-02-28T01:00:00Z']),
  );
const NONE = answer(['Computer:string', 'Last:datetime'], []);
const NO_CAPS = answer(['Day:datetime', 'First:datetime'], []);
const missing = (name: string): AppError =>
  failure('query.semantic', 'no such table', false, { unresolved: { kind: 'table', name } });

interface World {
  readonly usage?: LogsAnswer | AppError;
  readonly heartbeat?: LogsAnswer | AppError;
  readonly operation?: LogsAnswer | AppError;
  /** What Resource Manager lists: protected or not, by name; it refuses where absent. */
  readonly listed?: Readonly<Record<string, boolean>> | AppError;
  readonly estate?: Estate;
}

/** What is gathered of an estate of one workspace that answers so. */
async function gather(world: World): Promise<Gathered> {
  const told = (query: string): LogsAnswer | AppError =>
    query.startsWith('Usage')
      ? (world.usage ?? usage('Perf', 'Heartbeat'))
      : query.startsWith('Heartbeat')
        ? (world.heartbeat ?? NONE)
        : (world.operation ?? NO_CAPS);
  const { listed = failure('access.denied') } = world;
  return gatherLive(
    { period: PERIOD, scope: EVERYTHING, estate: world.estate ?? estateOf(1) },
    {
      logs: {
        query: async ({ query }) => {
          const one = told(query);
          if (one instanceof AppError) throw one;
          return one;
        },
      },
      catalog: {
        tablesOf: async (): Promise<WorkspaceTables> => {
          if (listed instanceof AppError) throw listed;
          return new Map(
            Object.entries(listed).map(([name, isProtected]) => [
              name,
              { plan: 'Analytics', protected: isProtected, retentionDays: 30 },
            ]),
          );
        },
      },
      quota: new QuotaScheduler(SYSTEM_CLOCK),
      retry: { attempts: 1, firstDelayMs: 1, maxDelayMs: 1 },
    },
  );
}
const reasons = async (world: World): Promise<readonly (string | undefined)[]> => {
  const [{ volume, machines, caps } = assert.fail()] = (await gather(world)).workspaces;
  return [volume.reason, machines.reason, caps.reason];
};

describe('what a workspace answers to a report', () => {
  it('is read into rows; no rows where Usage counts none and nothing is kept back are none', async () => {
    const { workspaces, customers, gaps } = await gather({
      listed: { Usage: false, Heartbeat: false, Operation: false },
    });
    assert.deepEqual(workspaces[0]!.volume, {
      rows: ['Perf', 'Heartbeat'].map((table) => ({
        ...{ table, day: '2026-02-28', billable: true, megabytes: 5, last: '2026-02-28T01:00:00.000Z' },
      })),
    });
    assert.deepEqual(
      [workspaces[0]!.machines, workspaces[0]!.caps, customers.length, gaps],
      [{ rows: [] }, { rows: [] }, 1, []],
    );
  });

  it('that fails, is partial or kept back in one part is missing in that part alone', async () => {
    assert.deepEqual(await reasons({ heartbeat: failure('service.timeout') }), [undefined, 'timed out', undefined]);
    const partial = { ...usage('Perf'), partial: failure('service.unavailable').toData() };
    assert.deepEqual(await reasons({ usage: partial, operation: failure('access.denied') }), [
      'service failed',
      undefined,
      'no access',
    ]);
    assert.deepEqual(await reasons({ heartbeat: { ...NONE, deniedTables: ['Heartbeat'] } }), [
      undefined,
      'not readable',
      undefined,
    ]);
  });

  it('without rows is no answer of a protected table, nor of a workspace that data roles alone open', async () => {
    assert.deepEqual(await reasons({ listed: { Usage: false, Heartbeat: true, Operation: false } }), [
      undefined,
      'not readable',
      undefined,
    ]);
    const closed = estateOf(1, (one) => ({ ...one, dataActionsOnly: true }));
    assert.deepEqual(await reasons({ estate: closed, usage: answer(VOLUME, []) }), [
      'not readable',
      'not readable',
      'not readable',
    ]);
    // Usage is read, and has counted nothing of Heartbeat: there is nothing to keep back.
    assert.equal((await reasons({ estate: closed, usage: usage('Perf') }))[1], undefined);
    const never = { tables: [], bytes: 0 };
    assert.deepEqual(await reasons({ usage: never, heartbeat: never, operation: never }), [
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('that has no such table has no rows; one that hides it, or keeps its list, does not tell', async () => {
    const gone = { heartbeat: missing('Heartbeat') };
    assert.deepEqual(await reasons({ ...gone, listed: { Operation: false } }), [undefined, undefined, undefined]);
    assert.equal((await reasons({ ...gone, listed: { Operation: false, Heartbeat: false } }))[1], 'not readable');
    assert.equal((await reasons(gone))[1], 'table missing or not readable');
  });

  it('is nothing of a tenant that nobody could enter, whose customer is there all the same', async () => {
    const tenant: Tenant = {
      ...{ id: toTenantId('alpine'), name: 'Alpine', customer: toCustomerKey('alpine'), accounts: [] },
      ...{ state: 'signInRequired', error: failure('auth.mfaRequired').toData() },
    };
    const { customers, gaps } = await gather({ estate: estateOf(1, (one) => one, [tenant]) });
    assert.deepEqual(
      [customers.map(({ key }) => key), gaps],
      [['c1', 'alpine'], [{ customer: 'alpine', of: 'Alpine', reason: 'sign-in required' }]],
    );
  });
});
