import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toEngineError } from '../../../src/engine/database/errors.ts';

test('a full disk is called that', () => {
  for (const message of [
    'IO Error: Could not write file "x.duckdb": No space left on device',
    'TransactionContext Error: Failed to commit: Could not write all bytes to file',
    'Out of Memory Error: failed to offload data block (max_temp_directory_size)',
  ]) {
    assert.equal(toEngineError(new Error(message)).code, 'engine.disk', message);
  }
  assert.equal(toEngineError(new Error('Out of Memory Error: could not allocate')).code, 'engine.memory');
  assert.equal(toEngineError(new Error('INTERRUPT Error: Interrupted!')).code, 'cancelled.byUser');
});
