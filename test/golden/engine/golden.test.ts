import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';

// Each .kql file holds cases: `# what it shows`, the query, `---`, the columns as `name:type ...`, then one JSON array
// a row.
// `! code construct` instead of columns: the query is refused so. A query that ends sorted is compared in order, others
// as sets of rows.
interface Case {
  readonly name: string;
  readonly query: string;
  readonly expected: readonly string[];
}

function casesOf(text: string): Case[] {
  return text
    .split(/^# /m)
    .slice(1)
    .map((block) => {
      const [name = '', ...lines] = block.split('\n');
      const divider = lines.indexOf('---');
      return {
        name,
        query: lines.slice(0, divider).join('\n').trim(),
        expected: lines.slice(divider + 1).filter((line) => line.trim() !== ''),
      };
    });
}
const text = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v));
const NOW = 638_396_640_000_000_000n; // 2024-01-01T12:00:00Z

let engine: LocalEngine;
before(async () => {
  engine = await openEngine({ threads: 1, memoryLimitMb: 512 });
});
after(async () => {
  await engine.close();
});

for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith('.kql'))) {
  describe(file, () => {
    for (const { name, query, expected } of casesOf(readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))) {
      it(name, async () => {
        const answer = await engine
          .query(query, { database: { name: 'empty', tables: [] }, now: NOW })
          .catch((error: unknown) => error as { code: string; message: string; data?: { construct?: string } });
        if (!('tables' in answer)) {
          assert.equal(`! ${answer.code} ${answer.data?.construct ?? answer.message}`, expected[0]);
          return;
        }
        const [table] = answer.tables;
        assert.ok(table);
        const rows = (await table.rows()).map(text);
        await table.dispose();
        assert.equal(table.columns.map((c) => `${c.name}:${c.type}`).join(' '), expected[0]);
        const wanted = expected.slice(1).map((row) => text(JSON.parse(row)));
        const ordered = /\|\s*(sort|order|top)\b[^|]*$/.test(query);
        assert.deepEqual(ordered ? rows : rows.sort(), ordered ? wanted : wanted.sort());
      });
    }
  });
}
