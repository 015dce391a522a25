import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectFlags } from '../../../src/extension/platform/inspect.ts';

test('a debugger is let in where a development host names a port, on this machine alone', () => {
  assert.deepEqual(inspectFlags(true, { TENANTSCOPE_INSPECT_WORKER: '9230' }), ['--inspect=127.0.0.1:9230']);
});

test('nobody is let into an installed extension, whatever its environment says', () => {
  assert.deepEqual(inspectFlags(false, { TENANTSCOPE_INSPECT_WORKER: '9230' }), []);
});

test('what is no port is no flag', () => {
  assert.deepEqual(inspectFlags(true, { TENANTSCOPE_INSPECT_WORKER: '0 --eval=x' }), []);
  assert.deepEqual(inspectFlags(true, {}), []);
});
