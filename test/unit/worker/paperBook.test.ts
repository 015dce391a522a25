import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PaperBook } from '../../../src/worker/paperBook.ts';

test('what was prepared is carried out once, by its id', async () => {
  const book = new PaperBook<string>();
  book.keep('1', 'plan');
  assert.equal(book.look('1'), 'plan');
  assert.equal(await book.carryOut('1', (plan) => Promise.resolve(`${plan}, done`)), 'plan, done');
  await assert.rejects(
    book.carryOut('1', () => Promise.resolve()),
    { code: 'input.planUnknown' },
  );
});

test('closing stops what runs, and waits until it has told', async () => {
  const book = new PaperBook<string>();
  book.keep('1', 'plan');
  const told: string[] = [];
  const running = book.carryOut('1', async (_plan, signal) => {
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    await Promise.resolve();
    told.push('receipt');
  });
  await book.close();
  assert.deepEqual(told, ['receipt']);
  await running;
  book.cancel('1');
});
