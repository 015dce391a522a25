import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { OnboardHold } from '../../../src/app/onboardHold.ts';
import { removePath } from '../../../src/engine/replaceFile.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantscope-hold-'));
});
after(() => removePath(folder));

const MINUTE = 60_000;
let now = Date.UTC(2026, 10, 29, 20);
/** Processes that live on the machine `desk`. */
const living = new Set([11, 12]);
const ends = (pid: number, host = 'desk') => ({
  clock: { now: () => now },
  pid,
  host,
  isAlive: (other: number) => living.has(other),
});
const at = (name: string): string => join(folder, name);

test('a customer is one process at a time: the other one is named, and goes on when it has ended', async () => {
  const [first, second] = [11, 12].map((pid) => new OnboardHold(at('tailspin'), ends(pid))) as [
    OnboardHold,
    OnboardHold,
  ];
  await first.hold();
  await first.hold();
  await assert.rejects(second.hold(), {
    code: 'input.onboardingBusy',
    message: /^Process 11 on desk is at this customer since 2026-11-29T20:00:00\.000Z .*Nothing was done\./,
  });
  await new OnboardHold(at('adatum'), ends(12)).hold();
  await first.release();
  await second.hold();
  await second.release();
});

test('a process that was killed is in nobody’s way', async () => {
  await new OnboardHold(at('killed'), ends(99)).hold();
  await new OnboardHold(at('killed'), ends(12)).hold();
  await new OnboardHold(at('numbered'), ends(12)).hold();
  await new OnboardHold(at('numbered'), ends(12)).hold();
});

test('on another machine nobody can look: five minutes after its last sign it is over', async () => {
  await new OnboardHold(at('elsewhere'), ends(99, 'server')).hold();
  now += 4 * MINUTE;
  await assert.rejects(new OnboardHold(at('elsewhere'), ends(12)).hold(), { code: 'input.onboardingBusy' });
  now += 2 * MINUTE;
  await new OnboardHold(at('elsewhere'), ends(12)).hold();
});
