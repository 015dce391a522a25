// One table of bundles: name, entry, platform, what stays outside, and the size it may not pass (KB, minified).
// `node esbuild.js [name...] [--watch] [--dev]`; the sizes land in dist/meta.json, where a test holds them against the
// budgets.
import { build, context } from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

// Native: never bundled, carried beside the bundles as it is.
const DUCKDB = ['@duckdb/node-api', '@duckdb/node-bindings'];

// Read when a proxy auto-configuration file is first asked, from beside the bundle (src/azure/http/pac/pacScript.ts).
const SANDBOX = ['node_modules/quickjs-wasi/quickjs.wasm'];

// Only the extension may name `vscode`: in every other bundle a wrong import breaks the build.
export const BUNDLES = [
  {
    name: 'extension',
    entry: 'src/extension/main.ts',
    out: 'dist/extension.cjs',
    platform: 'node',
    external: ['vscode'],
    // Wizards, trees and documents, some hundred small files: what is heavy is elsewhere.
    budgetKb: 345,
  },
  {
    name: 'worker',
    entry: 'src/worker/main.ts',
    out: 'dist/worker.cjs',
    platform: 'node',
    external: DUCKDB,
    beside: SANDBOX,
    // A megabyte of it: the clients of Data Explorer, of its ingestion and of blobs, loaded where a centre is one.
    budgetKb: 8900,
  },
  {
    name: 'language',
    entry: 'src/kql/language/process.ts',
    out: 'dist/language.cjs',
    platform: 'node',
    external: [],
    budgetKb: 5600,
  },
  {
    name: 'cli',
    entry: 'src/cli/main.ts',
    out: 'dist/cli.cjs',
    platform: 'node',
    external: DUCKDB,
    beside: SANDBOX,
    // As the worker's.
    budgetKb: 9700,
    executable: true,
  },
  {
    name: 'emulator',
    entry: 'src/emulator/main.ts',
    out: 'dist/emulator.cjs',
    platform: 'node',
    external: DUCKDB,
    budgetKb: 7500,
    executable: true,
  },
  {
    name: 'engine',
    entry: 'src/engine/library.ts',
    out: 'dist/engine.cjs',
    platform: 'node',
    external: DUCKDB,
    budgetKb: 5600,
    types: 'dist/engine.d.cts',
  },
  {
    name: 'results',
    entry: 'src/webviews/results/main.tsx',
    out: 'dist/results.js',
    platform: 'browser',
    external: [],
    budgetKb: 150,
  },
  {
    name: 'assessment',
    entry: 'src/webviews/assessment/main.tsx',
    out: 'dist/assessment.js',
    platform: 'browser',
    external: [],
    budgetKb: 120,
  },
  {
    name: 'notebook',
    entry: 'src/webviews/notebook/main.tsx',
    out: 'dist/notebook.js',
    platform: 'browser',
    // A renderer of outputs is a module, which VS Code imports.
    format: 'esm',
    external: [],
    budgetKb: 120,
  },
  {
    name: 'chart',
    entry: 'src/webviews/chart/main.ts',
    out: 'dist/chart.js',
    platform: 'browser',
    external: [],
    budgetKb: 900,
  },
];

// CommonJS has no import.meta; a package that asks where it lives gets the bundle's own address.
const ESM_BANNER = "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;";

// Of pac-resolver we use the functions, not its compiler of ancient JavaScript: what is not used stays out.
const UNUSED = {
  name: 'unused',
  setup(build) {
    build.onResolve({ filter: /^degenerator$/ }, ({ path, kind, importer, resolveDir, pluginData }) =>
      pluginData === UNUSED
        ? undefined
        : build
            .resolve(path, { kind, importer, resolveDir, pluginData: UNUSED })
            .then((found) => ({ ...found, sideEffects: false })),
    );
  },
};

/** What esbuild is told for one bundle of the table. */
export function optionsFor(bundle, dev) {
  const node = bundle.platform === 'node';
  return {
    entryPoints: [bundle.entry],
    outfile: bundle.out,
    bundle: true,
    platform: bundle.platform,
    external: bundle.external,
    format: node ? 'cjs' : (bundle.format ?? 'iife'),
    target: node ? 'node20' : 'chrome120',
    minify: !dev,
    sourcemap: dev ? 'linked' : false,
    metafile: true,
    assetNames: '[name]',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [UNUSED],
    logOverride: { 'empty-import-meta': 'silent' },
    // azure's logger and core-rest-pipeline carry an `ESM or CJS?` switch; the CommonJS build is the one that bundles
    // cleanly.
    mainFields: node ? ['module', 'main'] : ['browser', 'module', 'main'],
    loader: { '.css': 'css', '.ttf': 'file', '.sql': 'text' },
    define: { __VERSION__: JSON.stringify(version), ...(node ? { 'import.meta.url': '__bundleUrl' } : {}) },
    banner: node ? { js: `${bundle.executable ? '#!/usr/bin/env node\n' : ''}${ESM_BANNER}` } : {},
  };
}

/** One file of types for a library: what its entry declares, and every type that leads to. */
async function writeTypes(entry, out) {
  const { default: ts } = await import('typescript');
  const seen = new Set();
  const declarationsOf = (path) => {
    if (seen.has(path)) return [];
    seen.add(path);
    const { outputText } = ts.transpileDeclaration(readFileSync(path, 'utf8'), {
      fileName: path,
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Preserve },
    });
    const { statements } = ts.createSourceFile(path, outputText, ts.ScriptTarget.ES2022);
    const about = path === entry ? [outputText.slice(0, ts.getLeadingCommentRanges(outputText, 0)?.[0]?.end ?? 0)] : [];
    return [
      ...about,
      ...statements.flatMap((statement) => {
        if (statement.moduleSpecifier) return declarationsOf(join(path, '..', statement.moduleSpecifier.text));
        const text = outputText.slice(statement.pos, statement.end).trim();
        if (path === entry || ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return text;
        // A value stays where a type is made of it, for the compiler alone: the bundle does not have it.
        const names = statement.declarationList?.declarations.map((declaration) => declaration.name.text) ?? [];
        return names.some((name) => outputText.includes(`typeof ${name}`))
          ? text.replace(/^((?:\s|\/\*[^]*?\*\/)*)export /, '$1')
          : [];
      }),
    ];
  };
  writeFileSync(out, `${[...declarationsOf(entry), 'export {};'].join('\n')}\n`);
}

// Licences that let their work travel in ours as long as their words travel with it. A package with another one breaks
// the build.
const LICENCES = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'CC-BY-4.0',
  '(BSD-3-Clause OR GPL-2.0)',
]);

/** The words of everything that is in the bundles, or made into a file of ours, one after the other. */
function noticesOf(inputs) {
  const folders = new Set([
    'node_modules/uap-core',
    ...inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path) ?? []),
  ]);
  return [...folders]
    .sort()
    .map((folder) => {
      const {
        name,
        version,
        licenses,
        license = licenses?.[0]?.type,
      } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (!LICENCES.has(license))
        throw new Error(
          `${name} has the licence "${license}". Read it, then add it to LICENCES or choose another package.`,
        );
      const textOf = (names) => {
        const file = readdirSync(folder).find((one) => names.test(one));
        return file ? readFileSync(join(folder, file), 'utf8').trim() : undefined;
      };
      const text = textOf(/^(?:licen[cs]e|copying)/i) ?? 'Its licence comes without a text of its own.';
      // Apache's licence wants a notice to travel, too.
      return `${[`${name} ${version} (${license})`, text, textOf(/^notice/i)].filter(Boolean).join('\n\n')}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/**
 * Builds the bundles as their sources change, until the process is ended. Says when building begins and when nothing is
 * left to build, for a task to wait on.
 */
async function watch(bundles, dev) {
  // What lies in dist/ is no longer what a whole build left there.
  rmSync('dist/built', { force: true });
  let building = 0;
  const tell = {
    name: 'tell',
    setup(build) {
      build.onStart(() => {
        if (building++ === 0) console.log('[watch] build started');
      });
      build.onEnd(() => {
        if (--building === 0) console.log('[watch] build finished');
      });
    },
  };
  const contexts = await Promise.all(
    bundles.map((bundle) => context({ ...optionsFor(bundle, dev), plugins: [UNUSED, tell] })),
  );
  await Promise.all(contexts.map((one) => one.watch()));
}

async function main(argv) {
  const dev = argv.includes('--dev');
  const wanted = argv.filter((arg) => !arg.startsWith('--'));
  const bundles = BUNDLES.filter((bundle) => wanted.length === 0 || wanted.includes(bundle.name));
  mkdirSync('dist', { recursive: true });
  if (argv.includes('--watch')) {
    await watch(bundles, dev);
    return;
  }
  if (wanted.length === 0) rmSync('dist', { recursive: true, force: true });
  mkdirSync('dist', { recursive: true });
  const sizes = existsSync('dist/meta.json') ? JSON.parse(readFileSync('dist/meta.json', 'utf8')) : {};
  const inputs = [];
  for (const bundle of bundles) {
    const { metafile } = await build(optionsFor(bundle, dev));
    for (const file of bundle.beside ?? []) copyFileSync(file, join(bundle.out, '..', basename(file)));
    if (bundle.types) await writeTypes(bundle.entry, bundle.types);
    inputs.push(...Object.keys(metafile.inputs));
    const bytes = metafile.outputs[bundle.out].bytes;
    sizes[bundle.name] = {
      bytes,
      budgetKb: bundle.budgetKb,
      inputs: Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules')).length,
    };
    console.log(`${bundle.name.padEnd(10)} ${(bytes / 1024).toFixed(0).padStart(6)} KB of ${bundle.budgetKb}`);
  }
  if (wanted.length === 0) writeFileSync('dist/THIRD-PARTY-NOTICES.txt', noticesOf(inputs));
  writeFileSync('dist/meta.json', `${JSON.stringify(sizes, null, 2)}\n`);
}

if (import.meta.url === `file://${process.argv[1]}` || process.argv[1]?.endsWith('esbuild.js'))
  await main(process.argv.slice(2));
