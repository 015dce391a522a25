import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from '../../scripts/tools.mjs';

/**
 * The suites as one file beside the repository's packages, so that `mocha` is found and `vscode` is the extension's
 * own.
 */
export async function bundleSuites(): Promise<string> {
  const outfile = join(ROOT, 'out', 'host', 'main.cjs');
  await build({
    entryPoints: [join(ROOT, 'test', 'host', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
    define: { 'import.meta.url': '""' },
  });
  return outfile;
}
