/**
 * Makes src/engine/functions/userAgents.json of the patterns of uap-core: `npm run user-agents`. A test compares it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

type Rule = Readonly<Record<string, string>>;
const require = createRequire(import.meta.url);
/** The replacements of a rule, in the order of the groups that stand for them. */
const FIELDS = {
  browser: ['family_replacement', 'v1_replacement', 'v2_replacement', 'v3_replacement'],
  os: ['os_replacement', 'os_v1_replacement', 'os_v2_replacement', 'os_v3_replacement', 'os_v4_replacement'],
  device: ['device_replacement', 'brand_replacement', 'model_replacement'],
} as const;
const SECTIONS = { browser: 'user_agent_parsers', os: 'os_parsers', device: 'device_parsers' } as const;

/** The text of the file: per kind its rules as [pattern, flags, ...replacements], trailing empty ones left out. */
export function userAgentPatterns(): string {
  const source = parse(readFileSync(require.resolve('uap-core/regexes.yaml'), 'utf8')) as Readonly<
    Record<string, readonly Rule[]>
  >;
  const { version } = JSON.parse(readFileSync(require.resolve('uap-core/package.json'), 'utf8')) as { version: string };
  const rules = (kind: keyof typeof FIELDS): string =>
    (source[SECTIONS[kind]] ?? [])
      .map((rule) => {
        const parts = [
          rule['regex'] ?? '',
          rule['regex_flag'] ?? '',
          ...FIELDS[kind].map((field) => rule[field] ?? ''),
        ];
        while (parts.length > 1 && parts.at(-1) === '') parts.pop();
        return JSON.stringify(parts);
      })
      .join(',\n');
  const about = JSON.stringify(
    `uap-core ${version} (https://github.com/ua-parser/uap-core), Apache-2.0: made by npm run user-agents`,
  );
  return `{"about":${about},\n${(Object.keys(FIELDS) as (keyof typeof FIELDS)[]).map((kind) => `"${kind}":[\n${rules(kind)}\n]`).join(',\n')}}\n`;
}

/** The file in the repository. */
export const FILE = fileURLToPath(new URL('../src/engine/functions/userAgents.json', import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, userAgentPatterns());
