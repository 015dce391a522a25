import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gatherCentre } from '../../../src/core/reports/gatherCentre.ts';
import type { Gathered } from '../../../src/core/reports/gathered.ts';
import type { RollupProgress } from '../../../src/core/rollup/progress.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import type { Cell, Column, DataTable } from '../../../src/model/kqlType.ts';
import type { ReportCentrePort } from '../../../src/ports/reports.ts';
import { PERIOD } from './gatheredSample.ts';

const at = (text: string): number => Date.parse(text);
const ALL = [{ from: at('2026-01-31T12:00:00Z'), to: at('2026-03-01T06:00:00Z') }];

/** How far a roll-up is in a customer's workspace; whole unless told. */
const progress = (rollup: string, customer: string, more: Partial<RollupProgress> = {}): RollupProgress => ({
  rollup: `${rollup}-00000000`,
  sink: 'lake',
  workspace: `guid-${customer}`,
  workspaceName: `law-${customer}`,
  customer: toCustomerKey(customer),
  customerName: customer,
  stored: ALL,
  gaps: [],
  ...more,
});
const allOf = (customer: string, more: Partial<RollupProgress> = {}): readonly RollupProgress[] =>
  ['ReportVolume', 'ReportMachines', 'ReportCaps'].map((rollup) => progress(rollup, customer, more));
const text = (name: string): Column => ({ name, type: 'string' });
const table = (columns: readonly Column[], rows: readonly (readonly Cell[])[]): DataTable => ({ columns, rows });

/** A centre with a row of volume for each of these customers. */
const centreOf = (...customers: string[]): ReportCentrePort => ({
  name: 'lake',
  query: async (query) =>
    query.startsWith('ReportVolume')
      ? table(
          [
            ...['_Customer', '_Workspace', 'Day', 'Table'].map(text),
            { name: 'Billable', type: 'bool' },
            { name: 'Megabytes', type: 'real' },
            text('Last'),
          ],
          customers.map((name) => [
            name,
            `law-${name}`,
            '2026-02-28T00:00:00Z',
            'Perf',
            true,
            5,
            '2026-02-28T01:00:00Z',
          ]),
        )
      : table(['_Customer', '_Workspace', 'Computer', 'Day', 'First', 'Last'].map(text), []),
});
const gather = (
  all: readonly RollupProgress[],
  centre: ReportCentrePort,
  isAsked = (_one: object): boolean => true,
): Promise<Gathered> => gatherCentre({ period: PERIOD, centre, progress: all, isAsked });
const reasons = ({ workspaces }: Gathered): unknown =>
  workspaces.map(({ name, volume, machines, caps }) => [name, volume.reason, machines.reason, caps.reason]);

describe('a report from a centre', () => {
  it('has everybody whose volume was pulled and who is asked for, from the first whole day on', async () => {
    const found = await gather([...allOf('contoso'), ...allOf('fabrikam')], centreOf('contoso', 'fabrikam'), (one) =>
      (one as RollupProgress).customer.startsWith('c'),
    );
    assert.deepEqual(reasons(found), [['law-contoso', undefined, undefined, undefined]]);
    const [{ volume, knownFrom } = assert.fail()] = found.workspaces;
    assert.deepEqual([volume.rows.length, knownFrom, found.from], [1, '2026-02-01', 'lake']);
  });

  it('lacks what is not stored, and says how far it is', async () => {
    const half = [{ from: ALL[0]!.from, to: at('2026-02-28T12:00:00Z') }];
    const early = [{ from: ALL[0]!.from, to: at('2026-03-01T00:00:00Z') }];
    const found = await gather(
      [
        ...allOf('contoso', { stored: half }),
        ...allOf('fabrikam', { stored: early }),
        ...allOf('litware', { stored: [] }),
        progress('ReportVolume', 'tailspin'),
        ...allOf('woodgrove', {
          stored: [],
          stopped: { code: 'query.schemaChanged', message: 'x', retryable: false },
        }),
      ],
      centreOf('contoso'),
    );
    const until = (time: string): string => `stored until ${time} UTC`;
    assert.deepEqual(reasons(found), [
      ['law-contoso', ...Array<string>(3).fill(until('2026-02-28 12:00'))],
      // The last hour's volume is written after the day's end.
      ['law-fabrikam', ...Array<string>(3).fill(until('2026-03-01 00:00'))],
      ['law-litware', ...Array<string>(3).fill('not all of it is stored')],
      ['law-tailspin', undefined, 'not rolled up', 'not rolled up'],
      ['law-woodgrove', ...Array<string>(3).fill('stopped by a change of its tables')],
    ]);
  });

  it('gives nobody the rows of a namesake', async () => {
    const second = allOf('other', { customerName: 'contoso', workspaceName: 'law-other' });
    const found = await gather([...allOf('contoso'), ...second], centreOf('contoso'));
    assert.deepEqual(
      found.workspaces.map(({ volume }) => volume),
      Array.from({ length: 2 }, () => ({ rows: [], reason: 'another customer has the same name' })),
    );
  });

  it('is refused where its roll-ups are not there, or there in two versions', async () => {
    const refused = { code: 'input.rollup' };
    await assert.rejects(gather([progress('Beats', 'contoso')], centreOf()), refused);
    const two = [
      progress('ReportVolume', 'contoso'),
      progress('ReportVolume', 'contoso', { rollup: 'ReportVolume-11111111' }),
    ];
    await assert.rejects(gather(two, centreOf()), refused);
  });
});
