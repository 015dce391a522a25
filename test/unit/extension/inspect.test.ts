import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectFlags } from '../../../src/extension/platform/inspect.ts';

const env = { TENANTSCOPE_INSPECT_WORKER: '9230', TENANTSCOPE_INSPECT_LANGUAGE: '--eval=x' };

test('a debugger is let in where a development host names a port, on this machine alone', () => {
  assert.deepEqual(inspectFlags(true, 'worker', env), ['--inspect=127.0.0.1:9230']);
});

test('nobody is let into an installed extension, whatever its environment says', () => {
  assert.deepEqual(inspectFlags(false, 'worker', env), []);
});

test('what is no port is no flag', () => {
  assert.deepEqual(inspectFlags(true, 'language', env), []);
  assert.deepEqual(inspectFlags(true, 'worker', {}), []);
});
