import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ensureNode24, ROOT } from '../../scripts/tools.mjs';

// The build's own table; it is plain JavaScript, so its shape is said here.
const { BUNDLES } = (await import(String(new URL('../../esbuild.js', import.meta.url)))) as {
  BUNDLES: readonly { name: string; external: readonly string[] }[];
};

/** The four locks of the house, each tried on a copy of the sources into which a violation is planted. */
let copy: string;
before(() => {
  copy = mkdtempSync(join(tmpdir(), 'tenantscope-locks-'));
  for (const name of ['src', 'package.json', 'tsconfig.base.json', '.dependency-cruiser.cjs'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
after(() => {
  rmSync(copy, { recursive: true, force: true });
});

function withPlanted<T>(path: string, text: string, look: () => T): T {
  const file = join(copy, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  try {
    return look();
  } finally {
    rmSync(file);
  }
}

/** The rules that fire, by name; dependency-cruiser needs a newer Node than some machines have. */
function brokenRules(): string[] {
  const done = spawnSync(
    ensureNode24(),
    [
      join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
      'src',
    ],
    { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const report = JSON.parse(done.stdout) as {
    summary: { violations: { rule: { name: string } }[]; totalCruised: number };
  };
  assert.ok(report.summary.totalCruised > 150, 'it looked at the sources');
  return [...new Set(report.summary.violations.map(({ rule }) => rule.name))].sort();
}

function typeErrors(layer: string): string {
  return spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules', 'typescript-native', 'bin', 'tsc'), '-b', `src/${layer}`],
    { cwd: copy, encoding: 'utf8' },
  ).stdout;
}

describe('the direction of imports', () => {
  it('holds in the sources', () => {
    assert.deepEqual(brokenRules(), []);
  });

  const planted: readonly (readonly [string, string, string])[] = [
    [
      'src/model/planted.ts',
      "import type { LocalEngine } from '../engine/face.ts';\nexport type P = LocalEngine;\n",
      'layer-model',
    ],
    ['src/emulator/planted.ts', "export * from '../core/runs/limits.ts';\n", 'layer-emulator'],
    ['src/ports/planted.ts', "export type { Rel } from '../kql/plan.ts';\n", 'layer-ports'],
    ['src/azure/planted.ts', "export * from '../kql/literal.ts';\n", 'layer-azure'],
    ['src/app/planted.ts', "export * from '../protocol/worker.ts';\n", 'layer-app'],
    ['src/core/planted2.ts', "export * from '../app/services.ts';\n", 'layer-core'],
    [
      'src/core/planted.ts',
      "import type * as vscode from 'vscode';\nexport type P = vscode.Uri;\n",
      'vscode-only-in-extension',
    ],
    ['src/kql/planted.ts', "export { init } from 'echarts/core';\n", 'door-echarts'],
    ['src/webviews/results/planted.tsx', "export { render } from 'preact';\n", 'door-preact-'],
    [
      'src/report/planted.tsx',
      "export { renderToString } from 'preact-render-to-string';\n",
      'door-preact-render-to-string',
    ],
    ['src/report/planted.ts', "export { ALL_CHECKS } from '../core/assess/checks/allChecks.ts';\n", 'layer-report'],
    ['src/engine/functions/planted.ts', "import type { s2 } from 's2js';\nexport type P = typeof s2;\n", 'door-s-js'],
    [
      'src/core/agents/planted.ts',
      "export { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';\n",
      'door--modelcontextprotocol-',
    ],
    ['src/webviews/shell/planted.tsx', "export { changePage } from '../results/pageState.ts';\n", 'shell-stands-alone'],
    ['src/webviews/chart/planted.tsx', "export { changePage } from '../results/pageState.ts';\n", 'pages-stand-alone'],
    ['src/extension/results/planted.ts', "export * from '../estateTree/register.ts';\n", 'features-stand-alone'],
    ['src/base/planted.ts', "import type { B } from './planted2.ts';\nexport type A = B;\n", 'no-cycles'],
  ];
  for (const [path, text, rule] of planted) {
    it(`${rule} fires on ${path}`, () => {
      const rules = withPlanted(
        'src/base/planted2.ts',
        "import type { A } from './planted.ts';\nexport type B = A;\n",
        () => withPlanted(path, text, brokenRules),
      );
      assert.ok(rules.includes(rule), `${rule} did not fire; fired: ${rules.join(', ') || 'none'}`);
    });
  }
});

describe('the compiler', () => {
  it('refuses an upward import', () => {
    const errors = withPlanted(
      'src/base/planted.ts',
      "import { PUBLIC_CLOUD } from '../model/cloud.ts';\nexport const p = PUBLIC_CLOUD;\n",
      () => typeErrors('base'),
    );
    assert.match(errors, /TS6307|not listed within the file list|rootDir/);
  });
  for (const layer of ['base', 'model', 'ports', 'protocol', 'core', 'report', 'webviews'])
    it(`knows no Node in ${layer}`, () => {
      const text = "import { readFileSync } from 'node:fs';\nexport const p = readFileSync;\n";
      assert.match(
        withPlanted(`src/${layer}/planted.ts`, text, () => typeErrors(layer)),
        /planted\.ts.*error TS(?:2307|2591).*node:fs/,
      );
    });
});

describe('the bundles', () => {
  it('let only the extension name vscode', () => {
    assert.deepEqual(
      BUNDLES.filter(({ external }) => external.includes('vscode')).map(({ name }) => name),
      ['extension'],
    );
  });
  it('stay within their budgets', () => {
    const sizes = JSON.parse(readFileSync(join(ROOT, 'dist', 'meta.json'), 'utf8')) as Record<
      string,
      { bytes: number; budgetKb: number }
    >;
    assert.deepEqual(Object.keys(sizes).sort(), BUNDLES.map(({ name }) => name).sort());
    for (const [name, { bytes, budgetKb }] of Object.entries(sizes))
      assert.ok(bytes <= budgetKb * 1024, `${name} is ${Math.round(bytes / 1024)} KB, its budget is ${budgetKb}`);
  });
  it('carry the words of every licence in them, in the package too', () => {
    const notices = readFileSync(join(ROOT, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['@azure/identity', '@kusto/language-service-next', 'echarts', 'mmdb-lib', 'preact', 'uap-core'])
      assert.match(notices, new RegExp(`^${name} \\d[^ ]* \\(`, 'm'));
    assert.match(readFileSync(join(ROOT, '.vscodeignore'), 'utf8'), /^!dist\/THIRD-PARTY-NOTICES\.txt$/m);
  });
  it('load nothing heavy with the extension', () => {
    const text = readFileSync(join(ROOT, 'dist', 'extension.cjs'), 'utf8');
    for (const heavy of ['@duckdb/node-api', 'Kusto.Language', 'OperationalInsights', '@azure/identity'])
      assert.ok(!text.includes(heavy), `dist/extension.cjs holds ${heavy}`);
  });
});

describe('the files', () => {
  const sources = (function list(folder: string): string[] {
    return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? list(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    );
  })('src').filter((path) => /\.tsx?$/.test(path));
  const lines = sources
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1 }))
    .sort((left, right) => left.lines - right.lines);

  it('have a median under 100 lines and none above 400', () => {
    assert.ok(lines[Math.floor(lines.length / 2)]!.lines < 100, `median ${lines[Math.floor(lines.length / 2)]!.lines}`);
    assert.deepEqual(
      lines.filter((file) => file.lines > 400),
      [],
    );
  });
  it('have names that say something', () => {
    assert.deepEqual(
      sources.filter((path) =>
        /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.)|Manager\.tsx?$|\/index\.tsx?$/i.test(path),
      ),
      [],
    );
  });
  it('export nothing by default', () => {
    assert.deepEqual(
      sources.filter((path) => /^export default /m.test(readFileSync(join(ROOT, path), 'utf8'))),
      [],
    );
  });
  it('have every layer in the build', () => {
    for (const layer of readdirSync(join(ROOT, 'src')))
      assert.ok(existsSync(join(ROOT, 'src', layer, 'tsconfig.json')), layer);
  });
});
