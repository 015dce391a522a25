import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkVsix } from '../../scripts/package/checkVsix.mjs';
import { hostTarget, platformOf, TARGETS } from '../../scripts/package/targets.mjs';
import { packageVsix } from '../../scripts/package/vsix.mjs';
import { openZip } from '../../scripts/package/zip.mjs';
import type { ZipFile } from '../../scripts/package/zip.mjs';

/** The package of this machine's platform, made and opened once. */
describe('the package', () => {
  let path: string;
  let files: ReadonlyMap<string, ZipFile>;
  let folder: string;
  const target = hostTarget();
  before(() => {
    path = packageVsix();
    files = openZip(path);
    folder = mkdtempSync(join(tmpdir(), 'tenantscope-vsix-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is what its platform needs, and says which one that is', () => {
    assert.deepEqual(checkVsix(path, target), []);
    assert.match(files.get('extension.vsixmanifest')!.read().toString(), new RegExp(`TargetPlatform="${target}"`));
  });

  it('has one set of native files, its own', () => {
    const { binding, files: native } = platformOf(target);
    assert.deepEqual(
      [...files.keys()].filter((name) => /\.(node|dll|so|dylib)$/.test(name)).sort(),
      native.map((name) => `extension/node_modules/${binding}/${name}`).sort(),
    );
  });

  it('is refused as the package of every other platform', () => {
    for (const other of TARGETS.filter((one) => one.target !== target)) {
      const problems = checkVsix(path, other.target).join('\n');
      assert.match(problems, new RegExp(`its manifest says it is for ${target}, not for ${other.target}`));
      assert.match(problems, new RegExp(`${other.binding}/duckdb\\.node is not in it`));
      assert.match(problems, new RegExp(`${platformOf(target).binding}/duckdb\\.node does not belong in it`));
    }
  });

  it('shows a README whose links and pictures lead into the repository', () => {
    const readme = files.get('extension/readme.md')!.read().toString();
    assert.match(readme, /!\[[^\]]*\]\(https:\/\/[^)]+\/raw\/HEAD\/media\/screenshots\/results\.png\)/);
    assert.match(readme, /\[KQL\.md\]\(https:\/\/[^)]+\/blob\/HEAD\/KQL\.md\)/);
    assert.doesNotMatch(readme, /\]\((?!https:\/\/|#)/);
  });

  it('keeps what is of use in the repository only out of its manifest', () => {
    const manifest = JSON.parse(files.get('extension/package.json')!.read().toString()) as Record<string, unknown>;
    assert.deepEqual(
      ['scripts', 'devDependencies', 'bin', 'exports'].filter((field) => field in manifest),
      [],
    );
  });

  /** Which binding the packaged loader asks for, on a machine whose programs are linked by `interpreter`. */
  function bindingFor(interpreter: string): string {
    for (const [name, file] of files) {
      if (!/^extension\/node_modules\/(?:@duckdb\/node-bindings|detect-libc)\//.test(name)) continue;
      const to = join(folder, name);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, file.read());
    }
    for (const { binding } of TARGETS) {
      mkdirSync(join(folder, 'extension', 'node_modules', binding), { recursive: true });
      writeFileSync(join(folder, 'extension', 'node_modules', binding, 'duckdb.node'), '');
    }
    const program = join(folder, 'program');
    writeFileSync(program, elfProgram(interpreter));
    const script = `
      const fs = require('node:fs'), open = fs.openSync;
      fs.openSync = (path, ...rest) => open(path === '/proc/self/exe' ? ${JSON.stringify(program)} : path, ...rest);
      require('node:module')._extensions['.node'] = (module, path) => { module.exports = path; };
      process.stdout.write(require(${JSON.stringify(join(folder, 'extension/node_modules/@duckdb/node-bindings'))}));`;
    const done = spawnSync(process.execPath, ['--input-type=commonjs', '-e', script], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    return done.stdout.slice(join(folder, 'extension', 'node_modules').length + 1);
  }

  it('loads the binding of the C library it finds', { skip: process.platform !== 'linux' }, () => {
    const { arch } = process;
    assert.equal(bindingFor(`/lib/ld-musl-${arch}.so.1`), `@duckdb/node-bindings-linux-${arch}-musl/duckdb.node`);
    assert.equal(bindingFor(`/lib64/ld-linux-${arch}.so.2`), `@duckdb/node-bindings-linux-${arch}/duckdb.node`);
  });
});

/** The least ELF program that names an interpreter: its header, one entry that points at the name, the name. */
function elfProgram(interpreter: string): Buffer {
  const program = Buffer.alloc(64 + 56 + interpreter.length + 1);
  program.writeUInt32BE(0x7f454c46, 0);
  program.set([2, 1, 1], 4);
  program.writeUInt32LE(64, 32);
  program.writeUInt16LE(56, 54);
  program.writeUInt16LE(1, 56);
  program.writeUInt32LE(3, 64);
  program.writeUInt32LE(120, 64 + 8);
  program.writeUInt32LE(interpreter.length + 1, 64 + 32);
  program.write(interpreter, 120);
  return program;
}
