import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseScope } from '../../src/kql/scopeLine.ts';
import { missingLines, readPage } from '../harness/docPage.ts';
import type { Step } from '../harness/docPage.ts';
import { startSample, tenantscope } from './program.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DOCS = join(ROOT, 'docs');
const read = (page: string): string => readFileSync(join(DOCS, page), 'utf8');
const PAGES = readdirSync(DOCS).filter((name) => name.endsWith('.md'));

/** The options of all commands, as their files declare them. */
const OPTIONS = new Set(
  readdirSync(join(ROOT, 'src', 'cli'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => [
      ...readFileSync(join(ROOT, 'src', 'cli', path), 'utf8').matchAll(
        /^\s*'?([\w-]+)'?: \{ type: '(?:string|boolean)'/gm,
      ),
    ])
    .map(([, name]) => name!),
);

/** What a test cannot do in a person's place, by its page. */
const NOT_RUN: Readonly<Record<string, readonly string[]>> = {
  'centres.md': ['Needs "state", a container of blobs of yours'],
  'README.md': ['Needs a terminal of its own: it runs until Ctrl+C'],
  'sign-in.md': ['Needs a browser', 'Needs an application of yours'],
};

// Two at a time: a page is a sequence, but each has a folder of its own.
describe('the pages of docs/, on the sample estate', { concurrency: 2 }, () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  before(async () => {
    // Nobody waits minutes until an agent sees that it is to follow a rule.
    sample = await startSample({ agentDelayMs: 0 });
  });
  after(() => sample.close());

  /** Does what a page says in a folder of its own. Rejects where a command ends or tells otherwise than the page has it. */
  async function follow(page: string, steps: readonly Step[]): Promise<void> {
    const folder = join(sample.directory, page, 'repository');
    await mkdir(folder, { recursive: true });
    await copyFile(sample.cloud, join(folder, 'cloud.json'));
    const env: Record<string, string> = { XDG_STATE_HOME: join(sample.directory, page, 'own') };
    let told = '';
    // What the first page sets holds for all of them.
    for (const step of [...readPage(read('README.md')).filter(({ kind }) => kind === 'set'), ...steps]) {
      if (step.kind === 'set') env[step.name] = step.value;
      if (step.kind === 'file') {
        await mkdir(dirname(join(folder, step.path)), { recursive: true });
        await writeFile(join(folder, step.path), step.text);
      }
      if (step.kind === 'run') {
        const started = Date.now();
        const { code, out, err } = await tenantscope(step.args, { env, cwd: folder });
        if (process.env['TENANTSCOPE_DOCS_TOLD']) console.log(`${step.line}\n${out}${err}[${Date.now() - started} ms]`);
        assert.equal(code, step.code, `${page}: ${step.line}\n${out}${err}`);
        told = `${out}\n${err}`;
      }
      if (step.kind === 'shown') assert.deepEqual(missingLines(step.text, told), [], `${page}, which told:\n${told}`);
    }
  }

  for (const page of PAGES) test(page, () => follow(page, readPage(read(page))));

  test('a page with a wrong command, or that tells something else, fails', async () => {
    const sh = (text: string): string => `\`\`\`sh\n${text}\n\`\`\`\n`;
    const wrong = [
      [sh('tenantscope estate --scoop all'), /'--scoop'/],
      [`${sh('tenantscope --version')}\`\`\`text\nsome other\n\`\`\`\n`, /some other/],
    ] as const;
    for (const [text, why] of wrong) await assert.rejects(follow('planted', readPage(text)), why);
  });
});

describe('a page of docs/', () => {
  test('has no block that the test leaves out, but for what a person has to do', () => {
    const notRun = PAGES.map((page) => [
      page,
      readPage(read(page)).flatMap((step) => (step.kind === 'notRun' ? [step.reason] : [])),
    ]);
    assert.deepEqual(Object.fromEntries(notRun.filter(([, reasons]) => reasons!.length > 0)), NOT_RUN);
    for (const text of ['sh\naz login', 'sh\ntenantscope estate | more', 'python\nprint()', 'kql\nHeartbeat'])
      assert.throws(() => readPage(`\`\`\`${text}\n\`\`\`\n`), /cannot be tried|another shell|names its file/);
  });

  for (const page of PAGES)
    test(`${page}: short, every query asked, every link and name there`, () => {
      const text = read(page);
      assert.ok(text.split('\n').length <= 81, 'at most 80 lines');
      const steps = readPage(text);
      for (const [at, step] of steps.entries())
        if (step.kind === 'file' && step.language === 'kql') assert.ok(isAsked(step.path, steps.slice(at)), step.path);
      const prose = text.replaceAll(/^```\w*\n[^]*?^```$/gm, '');
      assert.doesNotMatch(prose, /`tenantscope [^`]*`/, 'a command that is not in a block is not tried');
      for (const [, link] of prose.matchAll(/\]\(([^)#]+)[^)]*\)/g))
        if (!/^https:/.test(link!)) assert.ok(existsSync(join(DOCS, link!)), link);
      const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8');
      const words = readFileSync(join(ROOT, 'package.nls.json'), 'utf8');
      for (const [, name] of prose.matchAll(/`(tenantscope\.[\w.]+)`/g))
        assert.ok(manifest.includes(`"${name}"`), name);
      for (const [, title] of prose.matchAll(/(?<![*\w])\*([^*\n]+)\*(?!\*)/g))
        assert.ok(words.includes(`"${title}"`), `there is no command or view "${title}"`);
      for (const [, scope] of prose.matchAll(/`(?:\/\/ @scope )?((?:group|customer|tenant|workspace):[^`]+)`/g))
        assert.equal(parseScope(scope!).error, undefined, scope);
      for (const [, option] of prose.matchAll(/`--([a-z-]+)/g))
        assert.ok(OPTIONS.has(option!), `there is no --${option}`);
    });

  test('is on the first page, and the README leads there', () => {
    for (const page of PAGES.filter((name) => name !== 'README.md'))
      assert.ok(read('README.md').includes(`](${page})`), page);
    assert.ok(readFileSync(join(ROOT, 'README.md'), 'utf8').includes('](docs/README.md)'), 'the README');
  });
});

/** Whether a command names the file, a folder it is in, or the roll-up or alert it is. */
function isAsked(path: string, steps: readonly Step[]): boolean {
  const name = path.replace(/^.*\//, '').replace(/\.kql$/, '');
  return steps.some(
    (step) =>
      step.kind === 'run' &&
      step.args.some((word) => word === path || word === name || path.startsWith(`${word.replace(/\/$/, '')}/`)),
  );
}
