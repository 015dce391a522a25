import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DryState } from '../../../src/core/rollup/dryRun.ts';
import { estimateOf } from '../../../src/core/rollup/estimate.ts';
import { outputDiff } from '../../../src/core/rollup/outputDiff.ts';
import { DOCUMENTS } from '../../../src/core/rollup/progress.ts';
import type { Column } from '../../../src/model/kqlType.ts';
import type { RollupTable } from '../../../src/model/rollup.ts';

const one = (customer: string, rows: number, bytes: number) => ({
  customer,
  workspace: 'law',
  sink: 'main',
  state: 'stored' as const,
  windows: 1,
  rows,
  bytes,
  gaps: [],
});

describe('what a dry run says', () => {
  it('of each customer: the window, a day of such windows, and what its ingestion costs at a centre', () => {
    // 1,000 rows of 930 bytes and 70 more at the centre are 1 MB an hour; of 24 MB a day 18 are billed.
    const [contoso, fabrikam] = estimateOf(
      { workspaces: [one('Contoso', 600, 558_000), one('Fabrikam', 0, 0), one('Contoso', 400, 372_000)] },
      { windowMinutes: 60 },
    );
    const { perDay, perMonth, ...counts } = contoso!;
    assert.deepEqual(counts, {
      customer: 'Contoso',
      rows: 1_000,
      bytes: 930_000,
      rowsPerDay: 24_000,
      bytesPerDay: 22_320_000,
    });
    assert.equal(perDay.toFixed(4), (0.018 * 2.3).toFixed(4));
    assert.equal(perMonth.toFixed(2), (30 * 0.018 * 2.3).toFixed(2));
    assert.equal(fabrikam!.perMonth, 0);
  });

  const table = (id: string, columns: readonly Column[]): RollupTable => ({
    id,
    name: 'Beats',
    kind: 'portion',
    columns,
    viewColumns: [],
    windowMinutes: 60,
  });
  const OLD = table('Beats-1', [
    { name: 'A', type: 'long' },
    { name: 'B', type: 'string' },
  ]);
  const NEW = table('Beats-2', [
    { name: 'A', type: 'string' },
    { name: 'C', type: 'real' },
  ]);
  const stateOf = async (...versions: readonly (readonly [RollupTable, ranAt: number])[]): Promise<DryState> => {
    const state = new DryState();
    for (const [each, ranAt] of versions) {
      await state.save(DOCUMENTS.version(each.id), { table: each }, 0);
      await state.save(DOCUMENTS.progress(each.id, 'w', 'lake'), { ranAt }, 0);
    }
    return state;
  };
  it('of the columns: what comes, goes and changes against the version that was run last', async () => {
    assert.deepEqual(await outputDiff(await stateOf([OLD, 5], [table('Beats-0', []), 3]), NEW), {
      before: 'Beats-1',
      isSame: false,
      added: [{ name: 'C', type: 'real' }],
      dropped: [{ name: 'B', type: 'string' }],
      changed: [{ column: { name: 'A', type: 'string' }, was: 'long' }],
    });
    const same = await outputDiff(await stateOf([OLD, 5]), OLD);
    assert.deepEqual([same?.isSame, same?.added, same?.dropped, same?.changed], [true, [], [], []]);
  });
  it('of a roll-up that was never run: nothing to compare with', async () => {
    assert.equal(await outputDiff(await stateOf([{ ...OLD, name: 'Other' }, 5]), NEW), undefined);
  });
});
