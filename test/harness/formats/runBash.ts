import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Stands where `az` stands and notes its words, after what the CLI does with them first: a word that begins with @, or
 * whose part behind the first = does, is the content of that file (azure-cli, azure/cli/core/commands, as
 * `_expand_file_prefixed_files`).
 */
const RECORDER = `az() {
  local word before rest
  for word in "$@"; do
    before= rest=$word
    if [[ $word == *=* ]]; then before="\${word%%=*}=" rest="\${word#*=}"; fi
    if [[ $rest == @?* && -e \${rest:1} ]]; then
      rest=$(cat "\${rest:1}"; printf x)
      rest=\${rest%x}
      rest=\${rest%$'\\n'}
    fi
    printf '%s\\0' "$before$rest" >> "$AZ_WORDS"
  done
  printf '\\1\\0' >> "$AZ_WORDS"
}
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
    writeFileSync(file, script);
    writeFileSync(record, '');
    const { status, stderr } = spawnSync('bash', [file], {
      encoding: 'utf8',
      cwd: folder,
      env: { PATH: '/usr/bin:/bin', BASH_ENV: az, AZ_WORDS: record, LC_ALL: 'C', ...secrets },
    });
    assert.equal(status, 0, stderr);
    return readFileSync(record, 'utf8')
      .split('\u0001\u0000')
      .slice(0, -1)
      .map((call) => call.split('\u0000').slice(0, -1));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
