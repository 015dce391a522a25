// `npm run watch`: the bundles, readable, and the types, again at every change of a source; until it is ended.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensurePackages, ROOT } from './tools.mjs';

ensurePackages();
const children = [
  ['esbuild.js', '--watch', '--dev'],
  [join('node_modules', 'typescript-native', 'bin', 'tsc'), '-b', '--watch', '--preserveWatchOutput'],
].map((args) => spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }));
for (const child of children)
  child.once('exit', (code) => {
    for (const other of children) other.kill();
    process.exitCode = code ?? 1;
  });
