// Opens a package and says what is wrong with it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../tools.mjs';
import { describeNativeFile } from './nativeFile.mjs';
import { platformOf } from './targets.mjs';
import { openZip } from './zip.mjs';

const NATIVE = /\.(?:node|dll|exe|so(?:\.\d+)*|dylib)$/i;

/** Everything wrong with the package at `path` as the one for `target`, a sentence each; none where it is right. */
export function checkVsix(path, target) {
  const platform = platformOf(target);
  const files = openZip(path);
  const text = (name) => files.get(name)?.read().toString('utf8') ?? '';
  return [
    ...manifestProblems(text('extension.vsixmanifest'), target),
    ...nativeProblems(files, platform),
    ...contentProblems(files),
    ...linkProblems(text('extension/readme.md')),
  ];
}

function manifestProblems(manifest, target) {
  const said = /TargetPlatform="([^"]*)"/.exec(manifest)?.[1];
  return said === target ? [] : [`its manifest says it is for ${said ?? 'every platform'}, not for ${target}`];
}

/** Exactly the native files of the platform, in its binding's folder, made for its machine and C library. */
function nativeProblems(files, platform) {
  const wanted = platform.files.map((file) => `extension/node_modules/${platform.binding}/${file}`);
  const found = [...files.keys()].filter((name) => NATIVE.test(name));
  const problems = found.filter((name) => !wanted.includes(name)).map((name) => `${name} does not belong in it`);
  for (const name of wanted) {
    const file = files.get(name);
    if (!file) {
      problems.push(`${name} is not in it`);
      continue;
    }
    const { system, machines = [], libc } = describeNativeFile(file.read()) ?? {};
    if (system !== platform.system || !machines.includes(platform.machine) || libc !== platform.libc)
      problems.push(`${name} is made for ${[system, ...machines, libc].join(' ')}, not for ${platform.target}`);
  }
  const others = [...files.keys()].filter(
    (name) => name.includes('/@duckdb/node-bindings-') && !name.includes(`/${platform.binding}/`),
  );
  return [...problems, ...others.map((name) => `${name} belongs to another platform`)];
}

/** What the extension starts, and what its database asks for, must be there; sources and tests must not. */
function contentProblems(files) {
  const wanted = ['package.json', 'package.nls.json', 'changelog.md', 'LICENSE.txt']
    .concat(['dist/THIRD-PARTY-NOTICES.txt', 'dist/quickjs.wasm'])
    .concat(['extension', 'worker', 'language'].map((name) => `dist/${name}.cjs`))
    .concat(
      ['@duckdb/node-api', '@duckdb/node-bindings', 'detect-libc'].map((name) => `node_modules/${name}/package.json`),
    );
  return [
    ...wanted.filter((name) => !files.has(`extension/${name}`)).map((name) => `${name} is not in it`),
    ...[...files.keys()]
      .filter((name) => /^extension\/(?:src|test|bench|scripts|out|\.)|\.map$/.test(name))
      .map((name) => `${name} does not belong in it`),
  ];
}

/** Links and pictures of the README are whole addresses, and those into the repository name files there are. */
function linkProblems(readme) {
  if (readme === '') return ['it has no README'];
  const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const home = repository.url.replace(/^git\+|\.git$/g, '');
  return [...readme.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
    if (link.startsWith('#')) return [];
    if (!/^https:\/\//.test(link)) return [`the README's link "${link}" leads nowhere`];
    if (!link.startsWith(`${home}/`)) return [];
    const file = link.slice(home.length).replace(/^\/(?:blob|raw)\/HEAD\//, '');
    return existsSync(join(ROOT, file)) ? [] : [`the README's link "${link}" names no file of the repository`];
  });
}
