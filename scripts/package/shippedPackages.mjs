// The npm packages that travel beside the bundles, with the native binding of one platform.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce, ROOT, say } from '../tools.mjs';

/**
 * The packages a platform needs at run time, by the lock file: name -> folder that holds it. Bindings of other
 * platforms are left out; the one that is not installed here is fetched into the cache, and its digest held against the
 * lock file's. Throws where a package is not in the lock file, or is not what the lock file says.
 */
export function shippedPackages(platform) {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const shipped = new Map();
  const visit = (name) => {
    if (shipped.has(name)) return;
    const locked = packages[`node_modules/${name}`];
    if (!locked) throw new Error(`${name} is not in package-lock.json; run npm install.`);
    shipped.set(name, folderOf(name, locked));
    for (const dependency of Object.keys(locked.dependencies ?? {})) visit(dependency);
    for (const binding of Object.keys(locked.optionalDependencies ?? {}))
      if (binding === platform.binding) visit(binding);
  };
  for (const name of Object.keys(packages[''].dependencies)) visit(name);
  if (!shipped.has(platform.binding)) throw new Error(`Nothing that is shipped asks for ${platform.binding}.`);
  return shipped;
}

/** The installed package where it has the locked version, else one from the cache. */
function folderOf(name, { version, integrity }) {
  const installed = join(ROOT, 'node_modules', name);
  if (existsSync(join(installed, 'package.json'))) {
    const there = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    if (there.version === version) return installed;
  }
  const cached = installOnce(`${name.replace(/[@/]/g, '')}-${version}`, (draft) => {
    say(`fetching ${name} ${version} ...`);
    run('npm', ['pack', `${name}@${version}`, '--pack-destination', '.', '--loglevel=error'], draft);
    const archive = readdirSync(draft).find((file) => file.endsWith('.tgz'));
    if (!archive) throw new Error(`npm packed nothing for ${name}@${version}.`);
    const digest = `sha512-${createHash('sha512')
      .update(readFileSync(join(draft, archive)))
      .digest('base64')}`;
    if (digest !== integrity)
      throw new Error(`${name}@${version} is not what package-lock.json says: ${digest} instead of ${integrity}.`);
    run('tar', ['-xzf', archive], draft);
  });
  return join(cached, 'package');
}

function run(command, args, cwd) {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed: ${done.error?.message ?? done.stderr.slice(-1000)}`);
}
