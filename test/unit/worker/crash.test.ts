import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crash } from '../../../src/worker/crash.ts';

test('how the worker ended is said as its system says it', () => {
  for (const [code, signal, says] of [
    [null, 'SIGKILL', 'was ended by SIGKILL'],
    [1, null, 'ended with code 1'],
    [134, null, 'ended with code 134'],
    [0xc0000005, null, 'ended with code 0xC0000005'],
    [null, null, 'ended with code 0'],
  ] as const) {
    const error = crash(code, signal);
    assert.equal(error.code, 'engine.crashed');
    assert.ok(error.message.startsWith(`The data worker ${says} in the middle of its work. `), error.message);
  }
});
