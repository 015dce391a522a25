import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, normalize, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bareEnvironment } from '../harness/sources.ts';
import { NO_NPM, ON_WINDOWS } from '../harness/system.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * The package as npm makes it, in a project that depends on it. The one dependency is linked, so that no registry is
 * needed.
 */
describe('the installed package', { skip: NO_NPM }, () => {
  let project: string;
  before(() => {
    assert.ok(existsSync(join(ROOT, 'dist', 'engine.cjs')), 'build first: npm run build');
    project = mkdtempSync(join(tmpdir(), 'installed-'));
    run('npm', ['pack', '--offline', '--ignore-scripts', '--pack-destination', project], ROOT);
    const archive = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
    run('tar', ['-xzf', archive]);
    const installed = join(project, 'node_modules', 'tenantscope');
    mkdirSync(join(project, 'node_modules', '.bin'), { recursive: true });
    renameSync(join(project, 'package'), installed);
    symlinkSync(join(ROOT, 'node_modules', '@duckdb'), join(project, 'node_modules', '@duckdb'), 'junction');
    const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    for (const [name, path] of Object.entries(bin)) {
      const command = join(project, 'node_modules', '.bin', name);
      chmodSync(join(installed, path), 0o755);
      // As npm does: Windows has a batch file where others have a link.
      if (ON_WINDOWS) writeFileSync(`${command}.cmd`, `@node "%~dp0\\..\\tenantscope\\${normalize(path)}" %*\r\n`);
      else symlinkSync(join('..', 'tenantscope', path), command);
    }
    writeFileSync(join(project, 'package.json'), '{ "name": "project", "private": true }');
  });
  after(() => {
    rmSync(project, { recursive: true, force: true });
  });

  function run(command: string, args: readonly string[], cwd = project, input = ''): string {
    const done = spawnSync(command, args, {
      cwd,
      input,
      encoding: 'utf8',
      env: { ...bareEnvironment(), npm_config_update_notifier: 'false' },
      // npm and npx are batch files there.
      shell: ON_WINDOWS && command.startsWith('np'),
    });
    assert.equal(done.status, 0, `${command} ${args.join(' ')}: ${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  test('npx tenantscope runs', () => {
    assert.match(run('npx', ['--no-install', 'tenantscope', '--help']), /^Usage: tenantscope COMMAND/);
    assert.equal(
      run('npx', ['--no-install', 'tenantscope', 'kql', '-', '--format', 'csv'], project, 'print n = 1 + 1'),
      'n\r\n2\r\n',
    );
  });

  const USE = `const engine = await openEngine({ memoryLimitMb: 256 });
    const table = await engine.createTable('local', 'Event', [{ name: 'Computer', type: 'string' }, { name: 'Level', type: 'long' }]);
    await engine.append(table, [['a', 1], ['b', 2], ['a', 9007199254740993n]]);
    const answer = await engine.query('Event | summarize Most = max(Level) by Computer | order by Computer asc', { database: { name: 'local', tables: [table] } });
    const rows = await answer.tables[0]!.rows();
    const refused = await engine.query('Event | evaluate python(typeof(*), "x")', { database: { name: 'local', tables: [table] } }).catch((error: Error & { code?: string }) => error.code);
    await engine.close();`;
  const PRINT = 'console.log(rows.map((row) => row.join()).join(" "), refused);';
  const SAID = 'a,9007199254740993 b,2 query.unsupported\n';
  const untyped = (text: string): string =>
    text.replace('[0]!', '[0]').replace('(error: Error & { code?: string })', '(error)');

  test('the engine is a library, to require and to import', () => {
    writeFileSync(
      join(project, 'use.cjs'),
      `const { openEngine, ...rest } = require('tenantscope/engine');\n(async () => { ${untyped(USE)} ${PRINT} if (Object.keys(rest).length > 0) throw new Error(Object.keys(rest).join()); })();\n`,
    );
    assert.equal(run(process.execPath, ['use.cjs']), SAID);
    writeFileSync(
      join(project, 'use.mjs'),
      `import { openEngine } from 'tenantscope/engine';\n${untyped(USE)} ${PRINT}\n`,
    );
    assert.equal(run(process.execPath, ['use.mjs']), SAID);
  });

  test('the example of its documentation runs as it stands, and is typed', () => {
    const types = readFileSync(join(project, 'node_modules', 'tenantscope', 'dist', 'engine.d.cts'), 'utf8');
    const example = [...types.matchAll(/^ \* {5}(.*)$|^ \*$/gm)]
      .map((line) => line[1] ?? '')
      .join('\n')
      .trim();
    assert.match(example, /^import \{ openEngine \}[^]*await engine\.close\(\);\n\}$/);
    writeFileSync(join(project, 'events.jsonl.gz'), gzipSync('{"Computer":"a"}\n{"Computer":"b"}\n{"Computer":"a"}\n'));
    writeFileSync(join(project, 'example.mjs'), example);
    assert.match(
      run(process.execPath, ['example.mjs']),
      /name: 'Computer', type: 'string'[^]*name: 'Count', type: 'long'[^]*\[ 'a', 2n? \], \[ 'b', 1n? \]/,
    );
    writeFileSync(
      join(project, 'example.mts'),
      `${example}\ndeclare const console: { log(...values: unknown[]): void };\n`,
    );
    const checked = spawnSync(
      process.execPath,
      [
        join(ROOT, 'node_modules', 'typescript-native', 'bin', 'tsc'),
        '--noEmit',
        '--strict',
        '--target',
        'es2022',
        '--lib',
        'es2022',
        '--module',
        'nodenext',
        '--types',
        '',
        'example.mts',
      ],
      { cwd: project, encoding: 'utf8' },
    );
    assert.equal(checked.stdout, '');
  });

  test('its types hold for a consumer, and refuse what is wrong', () => {
    const compile = (text: string): string => {
      writeFileSync(
        join(project, 'use.mts'),
        `import { openEngine } from 'tenantscope/engine';\nimport type { EngineTable, LocalEngine, QueryResult } from 'tenantscope/engine';\n${text}\n`,
      );
      return spawnSync(
        process.execPath,
        [
          join(ROOT, 'node_modules', 'typescript-native', 'bin', 'tsc'),
          '--noEmit',
          '--strict',
          '--target',
          'es2022',
          '--lib',
          'es2022,dom',
          '--module',
          'nodenext',
          '--types',
          '',
          'use.mts',
        ],
        { cwd: project, encoding: 'utf8' },
      ).stdout;
    };
    assert.equal(
      compile(
        `${USE}\nexport const typed: [LocalEngine, EngineTable, QueryResult | undefined, unknown, unknown] = [engine, table, answer.tables[0], rows, refused];`,
      ),
      '',
    );
    assert.match(
      compile("export const wrong = (await openEngine()).createTable('s', 't', [{ name: 'x', type: 'float' }]);"),
      /"float"' is not assignable/,
    );
    assert.match(compile('export const wrong = await openEngine({ memory: 1 });'), /'memory' does not exist/);
  });

  test('nothing else of the package is public', () => {
    const { status, stderr } = spawnSync(process.execPath, ['-e', "require('tenantscope/dist/cli.cjs')"], {
      cwd: project,
      encoding: 'utf8',
    });
    assert.notEqual(status, 0);
    assert.match(stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });
});
