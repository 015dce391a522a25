import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileQuery } from '../../../../src/kql/queryFiles/queryFile.ts';
import { readQueryFile } from '../../../../src/kql/queryFiles/readQueryFile.ts';
import { writeInside } from '../../../../src/kql/queryFiles/writeInside.ts';

const SEARCH = (query: string): string => `{"displayName": "a", "category": "b", "query": ${query}}`;

async function only(path: string, file: string): Promise<FileQuery> {
  const { queries } = await readQueryFile(path, file);
  assert.equal(queries.length, 1);
  return queries[0]!;
}

test('what is written into a query reads as the same text again, whatever the form of its file', async () => {
  const added = `T | where a == "x\\y" and b == 'z'`;
  const files: readonly (readonly [path: string, file: string])[] = [
    ['q.json', SEARCH('"HERE"')],
    ['q.yaml', 'tactics: []\nquery: "HERE"\n'],
    ['q.yaml', "tactics: []\nquery: 'HERE'\n"],
    ['q.yaml', 'tactics: []\nquery: |\n  HERE\n'],
    ['q.md', '```kql\nHERE\n```\n'],
  ];
  for (const [path, file] of files) {
    const query = await only(path, file);
    const made = file.replace('HERE', () => writeInside(file, query, added)!);
    assert.equal((await only(path, made)).text.trim(), added, file);
  }
});

test('nothing is written into a text of a text', async () => {
  const inner = JSON.stringify({ items: [{ type: 3, content: { version: 'KqlItem/1.0', query: 'T' } }] });
  const file = JSON.stringify({ serializedData: inner });
  assert.equal(writeInside(file, await only('w.json', file), 'x'), undefined);
});

test('certain is what only queries of logs have beside them; a query of anything else is not', async () => {
  const certain = async (path: string, file: string): Promise<boolean> => (await only(path, file)).certain === true;
  assert.equal(await certain('q.json', SEARCH('"T"')), true);
  assert.equal(await certain('rule.yaml', 'queryFrequency: 1h\nquery: T\n'), true);
  assert.equal(await certain('hunt.yaml', 'tactics: [Impact]\nquery: T\n'), true);
  assert.equal(await certain('q.md', '```kusto\nT\n```\n'), true);
  assert.equal(await certain('request.json', '{"query": "{ user { id } }", "variables": {}}'), false);
  assert.equal(await certain('alert.yaml', 'name: up\nquery: rate(http_requests[5m])\n'), false);
});
