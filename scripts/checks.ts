import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Check } from '../src/core/assess/checks/check.ts';
import { SEVERITIES } from '../src/model/assessment/findings.ts';

/** The folder of the checks, the list of them, and the page about them. */
export const FOLDER = fileURLToPath(new URL('../src/core/assess/checks', import.meta.url));
export const MODULE = join(FOLDER, 'allChecks.ts');
export const PAGE = fileURLToPath(new URL('../CHECKS.md', import.meta.url));

/** Every check of a folder: what a file exports under its own name. The worst severity first, then by id. */
export async function listChecks(folder: string): Promise<readonly Check[]> {
  const names = readdirSync(folder).flatMap((file) => /^(\w+)\.ts$/.exec(file)?.[1] ?? []);
  const checks: Check[] = [];
  for (const name of names) {
    if (name === 'allChecks') continue;
    const module = (await import(String(pathToFileURL(join(folder, `${name}.ts`))))) as Readonly<
      Record<string, unknown>
    >;
    const check = module[name];
    if (isCheck(check)) {
      if (check.id !== name) throw new Error(`${name}.ts exports a check with another id: ${check.id}.`);
      checks.push(check);
    }
  }
  return checks.sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : 1),
  );
}

/** The list as the product imports it. */
export function checksModule(checks: readonly Check[]): string {
  const ids = checks.map(({ id }) => id);
  const imports = [...ids].sort().map((id) => `import { ${id} } from './${id}.ts';`);
  return `// Made by \`npm run checks\` from the files of this folder; a test compares it. Do not edit by hand.
${imports.join('\n')}
import type { Check } from './check.ts';

/** Every check, those that can find the worst first. */
export const ALL_CHECKS: readonly Check[] = [
${ids.map((id) => `  ${id},`).join('\n')}
];
`;
}

/** What every check looks for, as Markdown. */
export function checksPage(checks: readonly Check[]): string {
  const rows = checks.map(({ id, title, severity }) => `| [${id}](#${id.toLowerCase()}) | ${severity} | ${title} |`);
  const parts = checks.map(
    ({ id, title, severity, rule, why, remedy, facts }) => `## ${id}

${title}. Up to **${severity}**.

- **Found when** ${rule}
- **Why** ${why}
- **Remedy** ${remedy}
- **Facts** ${facts.length === 0 ? 'the estate as it was discovered, and the customers file' : facts.join(', ')}
`,
  );
  return `# The checks of an assessment

<!-- Made by \`npm run checks\` from src/core/assess/checks; a test compares it. Do not edit by hand. -->

${checks.length} checks, each a file of its own. What a check could not look at is *unknown* with its reason, never *passed*. Where it has
nothing to look at (no workspace of its own, nothing declared) it says so. "Its own" are workspaces in the customer's tenants; "the
provider's" are those outside of them that hold its rows. How to add one: [ARCHITECTURE.md](ARCHITECTURE.md).

| check | worst | where it passes |
|---|---|---|
${rows.join('\n')}

${parts.join('\n')}`;
}

function isCheck(value: unknown): value is Check {
  return typeof value === 'object' && value !== null && 'judge' in value && 'id' in value;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const checks = await listChecks(FOLDER);
  const made = [
    [PAGE, checksPage(checks)],
    [MODULE, checksModule(checks)],
  ] as const;
  if (process.argv[2] === '--check')
    process.exitCode = made.every(([path, text]) => readFileSync(path, 'utf8') === text) ? 0 : 1;
  else for (const [path, text] of made) writeFileSync(path, text);
}
