// One package of the extension, for one platform: staged, packed by vsce, opened and judged.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureNode24, ROOT, say } from '../tools.mjs';
import { checkVsix } from './checkVsix.mjs';
import { shippedPackages } from './shippedPackages.mjs';
import { hostTarget, platformOf } from './targets.mjs';

const CARRIED = [
  'dist',
  'media',
  'syntaxes',
  'package.nls.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  '.vscodeignore',
];

/** Where the package of a platform lies once it is made. */
export function vsixPath(target) {
  return join(ROOT, 'dist', `tenantscope-${target}.vsix`);
}

/**
 * Packages what `npm run build` left in dist/ for one platform, this one unless said; returns the path. Throws where
 * the finished package is not what that platform needs; then there is no file.
 */
export function packageVsix(target = hostTarget()) {
  const platform = platformOf(target);
  const vsce = join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce');
  if (!existsSync(vsce)) throw new Error('vsce is not installed; run npm ci first.');
  say(`packaging the extension for ${target} ...`);
  const stage = join(ROOT, '.cache', 'package', `${target}-${process.pid}`);
  const draft = join(stage, 'draft.vsix');
  try {
    fillStage(stage, platform);
    const done = spawnSync(ensureNode24(), [vsce, 'package', '--target', target, '-o', draft], {
      cwd: stage,
      encoding: 'utf8',
    });
    if (done.status !== 0) throw new Error(`Packaging for ${target} failed:\n${done.stdout}${done.stderr}`);
    const problems = checkVsix(draft, target);
    if (problems.length > 0) throw new Error(`The package for ${target} is wrong:\n- ${problems.join('\n- ')}`);
    renameSync(draft, vsixPath(target));
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  return vsixPath(target);
}

/** A folder with just what is shipped, so that nothing of this machine's own installation gets in. */
function fillStage(stage, platform) {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const name of CARRIED) cpSync(join(ROOT, name), join(stage, name), { recursive: true, filter: isShipped });
  for (const [name, folder] of shippedPackages(platform))
    cpSync(folder, join(stage, 'node_modules', name), { recursive: true, filter: isShipped });
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(shippedManifest(), null, 2)}\n`);
}

/**
 * False for what nobody reads in a package: types, maps of sources, pictures that the README shows from the repository.
 */
function isShipped(path) {
  return !/\.(?:vsix|map|d\.c?ts)$|[\\/]media[\\/]screenshots$/.test(path);
}

/** The manifest without what is of use in the repository only. */
function shippedManifest() {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const field of ['scripts', 'devDependencies', 'bin', 'exports']) delete manifest[field];
  return manifest;
}
