// Tests of one kind in a few processes: loading what they test, parser and engine above all, is most of their time.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../scripts/tools.mjs';

/**
 * Why a file is a process of its own: it says so, it puts another module in the place of one that a bundle has, or it
 * moves what is the whole process's (the temporary folder, the working directory).
 */
const ALONE = /^\/\/ Alone: .+|from '.*\/fakeVscode\.ts'|\buseTemporary\(|process\.chdir\(/m;

/**
 * Bundles the test files of a kind into `groups` programs, and resolves to what Node's runner is to run: these, and
 * the files that stand alone. Neighbours come together, for they load the same; each program has about as many.
 */
export async function groupTests(kind, files, groups) {
  const alone = files.filter((file) => ALONE.test(readFileSync(join(ROOT, file), 'utf8')));
  const together = files.filter((file) => !alone.includes(file));
  const out = join(ROOT, '.cache', 'tests', kind);
  rmSync(out, { recursive: true, force: true });
  // Here, for on a fresh machine the packages come with the first step.
  const { build } = await import('esbuild');
  await build({
    entryPoints: together.map((file) => join(ROOT, file)),
    outdir: out,
    outbase: ROOT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'error',
    plugins: [ownPlaces],
  });
  mkdirSync(out, { recursive: true });
  const size = Math.ceil(together.length / groups);
  const programs = [];
  for (let at = 0; at < together.length; at += size) {
    const program = join(out, `${kind}-${String(at / size + 1)}.mjs`);
    // A suite for each file: what it sets up before its tests is not done for its neighbours'.
    const suites = together
      .slice(at, at + size)
      .map((file) => `describe('${file}', () => import('./${file.replace(/\.ts$/, '.js')}'));\n`);
    writeFileSync(program, `import { describe } from 'node:test';\n\n${suites.join('')}`);
    programs.push(program);
  }
  return [...programs, ...alone];
}

/** A module asks where it lies for the files beside it: it is told where its source is. */
const ownPlaces = {
  name: 'own places',
  setup(esbuild) {
    esbuild.onLoad({ filter: /\.(tsx?|mjs)$/ }, ({ path }) => {
      const places = { dirname: dirname(path), filename: path, url: pathToFileURL(path).href };
      const contents = readFileSync(path, 'utf8').replaceAll(/\bimport\.meta\.(dirname|filename|url)\b/g, (_, name) =>
        JSON.stringify(places[name]),
      );
      return { contents, loader: path.endsWith('x') ? 'tsx' : path.endsWith('.mjs') ? 'js' : 'ts' };
    });
  },
};
