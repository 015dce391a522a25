/** What is said of each field while somebody types: what is wrong, what to be careful with, and what is right. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  capWord,
  groupWord,
  nameWord,
  readDays,
  readGb,
  retentionWord,
  tagsWord,
} from '../../../src/core/provision/fieldWords.ts';
import type { FieldWord } from '../../../src/core/provision/fieldWords.ts';

const says = ({ kind, text }: FieldWord): string => `${kind}: ${text}`;

test('a name: why not, or how long it is', () => {
  assert.match(says(nameWord('law')), /^wrong: .* 4 to 63 characters, this one has 3/);
  assert.match(says(nameWord('law_contoso')), /^wrong: .*not "_"/);
  assert.match(says(nameWord('law-contoso')), /^right: .*11 of 63/);
  assert.match(says(groupWord('rg.')), /^wrong: .*full stop/);
  assert.match(says(groupWord('rg-logs')), /^right: .*7 of 90/);
});

test('days are read with and without their unit', () => {
  assert.deepEqual(['400', ' 400 days', '2 years', '1y', '400.5', 'four', '-30', '9999999'].map(readDays), [
    400,
    400,
    730,
    365,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a retention: the rule of the service, then what was promised, then what is lost', () => {
  assert.match(says(retentionWord(undefined)), /^wrong: Write a number of days from 30 to 730/);
  assert.match(says(retentionWord(29)), /^wrong: At least 30 days/);
  assert.match(says(retentionWord(731)), /^wrong: At most 730 days.*12 years/);
  assert.match(says(retentionWord(30)), /^right: Included in the price/);
  assert.match(says(retentionWord(400)), /^right: Beyond 31 days/);
  const declared = { retentionDays: 365 };
  assert.match(
    says(retentionWord(364, { declared, customer: 'Contoso' })),
    /^careful: Fewer than the 365 days declared for Contoso\.$/,
  );
  assert.match(
    says(retentionWord(365, { declared, customer: 'Contoso' })),
    /^right: Not fewer than the 365 days declared/,
  );
  assert.match(says(retentionWord(60, { now: 90 })), /^careful: Fewer than now: older logs are removed/);
  assert.match(
    says(retentionWord(730, { declared: { retentionDays: 2000 } })),
    /beyond 730 it is the total retention of tables/,
  );
});

test('a cap: a number of GB with a full stop, or none', () => {
  assert.deepEqual(['', ' 5 ', '0.5'].map(readGb), [undefined, 5, 0.5]);
  for (const text of ['0', '-1', '1e3', '0x10', 'five']) assert.equal(capWord(text).kind, 'wrong', text);
  assert.match(says(capWord('0,5')), /^wrong: .*full stop/);
  assert.match(says(capWord('0.01')), /^careful: Less than 0\.023/);
  assert.match(says(capWord('5')), /^careful: After 5 GB/);
  assert.match(says(capWord('')), /^right: Empty: no cap/);
});

test('tags: how they are understood, and which name stands twice', () => {
  assert.match(says(tagsWord('env=prod, owner')), /^right: 2 of 50 tags: env is prod, owner without a value/);
  assert.match(says(tagsWord('')), /^right: Empty: no tags/);
  assert.match(says(tagsWord('env=1, ENV=2')), /^wrong: "ENV" and "env" are one tag, there twice/);
  assert.match(says(tagsWord('a/b=1')), /^wrong: .*holds "\/"/);
});
