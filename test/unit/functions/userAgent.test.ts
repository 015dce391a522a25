import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { requiredTexts } from '../../../src/engine/functions/requiredTexts.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { SeededRandom } from '../../harness/seededRandom.ts';
import { FILE, userAgentPatterns } from '../../../scripts/userAgents.ts';

let engine: LocalEngine;
before(async () => {
  engine = await openEngine({ memoryLimitMb: 256, threads: 1 });
});
after(async () => {
  await engine.close();
});

async function ask(query: string): Promise<unknown> {
  const {
    tables: [table],
  } = await engine.query(query, { database: { name: 'local', tables: [] } });
  return (await table!.rows())[0]![0];
}

test('the patterns are those of the package: npm run user-agents makes them', () => {
  assert.equal(readFileSync(FILE, 'utf8'), userAgentPatterns());
});

/** A text the regular expression may match, made by walking it: every choice by chance, every repetition short. */
function sample(pattern: string, random: () => number): string {
  let at = 0;
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const repeat = (one: () => string): string => {
    const start = at;
    const first = one(),
      end = at;
    const found = /^(?:([?*+])|\{(\d+)(?:,(\d*))?\})\??/.exec(pattern.slice(at));
    if (!found) return first;
    const least = found[1] === '+' ? 1 : found[1] ? 0 : Number(found[2]),
      most =
        found[1] === '?'
          ? 1
          : found[1]
            ? least + 2
            : found[3] === undefined
              ? least
              : Math.min(least + 2, Number(found[3] || 99));
    let text = '';
    for (let n = least + Math.floor(random() * (most - least + 1)); n > 0; n--) {
      at = start;
      text += one();
    }
    at = end + found[0].length;
    return text;
  };
  const atom = (): string => {
    const rest = pattern.slice(at);
    const group = /^\((\?:|\?<?[=!])?/.exec(rest);
    if (group) {
      at += group[0].length;
      const text = any();
      at++;
      return group[1] && group[1] !== '?:' ? '' : text;
    }
    const set = /^\[(\^?)((?:\\.|[^\]\\])*)\]/.exec(rest);
    if (set) {
      at += set[0].length;
      const fits = new RegExp(set[0]);
      return (
        pick([...' aZb9_-/.;()é'].filter((char) => fits.test(char))) ??
        String.fromCodePoint(
          ...[...Array(126).keys()].filter((code) => fits.test(String.fromCodePoint(code))).slice(0, 1),
        )
      );
    }
    const escaped = /^\\(.)/.exec(rest);
    if (escaped) {
      at += 2;
      return (
        { d: pick(['1', '42']), w: pick(['a', '_']), s: ' ', S: 'x', D: 'y', W: '-', b: '', B: '' }[escaped[1]!] ??
        escaped[1]!
      );
    }
    at++;
    return rest[0] === '.' ? pick(['q', ' ', '1']) : '^$'.includes(rest[0]!) ? '' : rest[0]!;
  };
  const any = (): string => {
    const all: string[] = [''];
    while (at < pattern.length && pattern[at] !== ')') {
      if (pattern[at] === '|') {
        at++;
        all.push('');
        continue;
      }
      all.push(all.pop()! + repeat(atom));
    }
    return pick(all);
  };
  return any();
}

test('a text that matches has one of the texts its pattern requires, for every pattern of the package', () => {
  const chance = new SeededRandom(11),
    random = (): number => chance.next();
  const source = JSON.parse(userAgentPatterns()) as Record<string, string[][]>;
  let matched = 0,
    patterns = 0,
    quick = 0;
  for (const kind of ['browser', 'os', 'device'])
    for (const [pattern = '', flags = ''] of source[kind] ?? []) {
      const regex = new RegExp(pattern, flags),
        texts = requiredTexts(pattern),
        fold = (text: string) => (flags.includes('i') ? text.toLowerCase() : text);
      patterns++;
      if (texts) quick++;
      for (let i = 0; i < 8; i++) {
        const text = `x ${sample(pattern, random)}`;
        const found = regex.test(text) ? text : regex.test(text.slice(2)) ? text.slice(2) : undefined;
        if (found === undefined) continue;
        matched++;
        assert.ok(
          !texts || texts.some((one) => fold(found).includes(fold(one))),
          `${pattern} matches ${found} without any of ${texts?.join(' ')}`,
        );
      }
    }
  assert.ok(
    matched > 6 * patterns && quick > 0.95 * patterns,
    `${matched} of ${8 * patterns} samples matched, ${quick} patterns have texts`,
  );
});

test('what a pattern requires is passed over where it need not be there', () => {
  assert.deepEqual(requiredTexts('ab?cd'), ['cd']);
  assert.equal(requiredTexts('(?:abc|d*)'), undefined);
  assert.equal(requiredTexts('(?!abc)[xyz]+'), undefined);
  assert.deepEqual(requiredTexts('(?:Foo|Quux){1,2}x'), ['Foo', 'Quux']);
  assert.equal(requiredTexts('(abc)?(?:de){0,3}'), undefined);
});

test('a long hostile text takes no long, and a longer one is refused', { timeout: 20_000 }, async () => {
  const piece = 'Linux; Android 4.1; Mozilla Chrome/1.1 Mobile Safari Windows CFNetwork (compatible; - HTC LG Build/';
  for (const text of [piece.repeat(20), `Opera${' '.repeat(2000)}`, '1.'.repeat(1000), `; ${'A1'.repeat(900)} Build`]) {
    assert.match(
      String(await ask(`print parse_user_agent("${text.slice(0, 2048)}", dynamic(["browser","os","device"]))`)),
      /"Browser"/,
    );
  }
  await assert.rejects(() => ask(`print parse_user_agent("${'a'.repeat(3000)}", "os")`), {
    code: 'query.unsupported',
    message: /longer than 2048/,
  });
});
