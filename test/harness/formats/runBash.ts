import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Stands where `az` stands and notes its words, after what the CLI does with them first: a word that begins with @, or
 * whose part behind the first = does, is the content of that file (azure-cli, azure/cli/core/commands, as
 * `_expand_file_prefixed_files`).
 */
const RECORDER = `#!${process.execPath}
const { readFileSync, appendFileSync } = require('node:fs');
const load = (text) => {
  if (text.length < 2 || text[0] !== '@') return text;
  try { return readFileSync(text.slice(1), 'utf8').replace(/\\n$/, ''); } catch { return text; }
};
const words = process.argv.slice(2).map((word) => {
  const at = word.indexOf('=') + 1;
  return word.slice(0, at) + load(word.slice(at));
});
appendFileSync(process.env.AZ_WORDS, JSON.stringify(words) + '\\n');
`;

/** Runs a script by bash, in a language without UTF-8, and gives the words of each call of `az`. */
export function runBash(
  script: string,
  secrets: Readonly<Record<string, string>> = {},
): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'tenantscope-bash-'));
  try {
    const [az, file, record] = [join(folder, 'az'), join(folder, 'plan.sh'), join(folder, 'words')];
    writeFileSync(az, RECORDER);
    chmodSync(az, 0o755);
    writeFileSync(file, script);
    writeFileSync(record, '');
    const { status, stderr } = spawnSync('bash', [file], {
      encoding: 'utf8',
      cwd: folder,
      env: { PATH: `${folder}:/usr/bin:/bin`, AZ_WORDS: record, LC_ALL: 'C', ...secrets },
    });
    assert.equal(status, 0, stderr);
    return readFileSync(record, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string[]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
