import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RollupReport } from '../../../src/core/rollup/rollupService.ts';
import { EXIT } from '../../../src/cli/exitCodes.ts';
import { codeOfReports } from '../../../src/cli/rollupReports.ts';

const report = (more: Partial<RollupReport> = {}): RollupReport => ({
  rollup: 'SignIns',
  id: 'x',
  workspaces: [],
  missing: [],
  ...more,
});
const whole = report();
const lacking = report({ missing: [{ customer: 'contoso', tenant: 't' }] });
const failed = report({ error: { code: 'network.refused', message: 'Nobody listens there.', retryable: true } });

describe('what several roll-ups end with', () => {
  it('is partial where somebody is missing from one', () => {
    assert.equal(codeOfReports([]), EXIT.complete);
    assert.equal(codeOfReports([whole, whole]), EXIT.complete);
    assert.equal(codeOfReports([whole, lacking]), EXIT.partial);
  });

  it('is the failure of one that failed as a whole, which a runner must not take for partial', () => {
    assert.equal(codeOfReports([whole, failed]), EXIT.network);
    assert.equal(codeOfReports([lacking, failed, whole]), EXIT.network);
  });
});
