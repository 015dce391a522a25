// `npm run bench [name...]`: every performance claim, measured as a ratio within one run on this machine.
import { readdirSync } from 'node:fs';

/** One claim: `ratio` is what was measured, `bar` what it may be at most. */
export interface Measurement {
  readonly name: string;
  readonly ratio: number;
  readonly bar: number;
  readonly detail: string;
}

const wanted = process.argv.slice(2);
const files = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.ts') && name !== 'main.ts')
  .sort();
const all: Measurement[] = [];
for (const file of files) {
  const name = file.replace('.ts', '');
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const module = (await import(new URL(file, import.meta.url).href)) as Record<string, unknown>;
  const bench = Object.entries(module).find(
    ([exported, value]) => exported.startsWith('bench') && typeof value === 'function',
  )?.[1] as (() => Promise<readonly Measurement[]>) | undefined;
  if (!bench) continue;
  process.stderr.write(`bench: ${name} ...\n`);
  const measured = await bench();
  for (const row of measured)
    console.log(
      `${row.ratio <= row.bar ? 'within' : 'OVER  '}  ${row.ratio.toFixed(3).padStart(8)} of ${String(row.bar).padEnd(5)} ${row.name.padEnd(56)} ${row.detail}`,
    );
  all.push(...measured);
}
const over = all.filter(({ ratio, bar }) => !(ratio <= bar));
console.log(
  `${all.length - over.length} of ${all.length} within their bars${over.length > 0 ? `; over: ${over.map(({ name }) => name).join(', ')}` : ''}`,
);
