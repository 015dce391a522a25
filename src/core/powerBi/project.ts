import { AppError } from '../../base/errors.ts';
import { factsOf, isStored } from './facts.ts';
import type { PowerBiRollup } from './factColumn.ts';
import { fileName } from './modelNames.ts';
import { ACCESS, CALENDAR, CUSTOMERS } from './ownTables.ts';
import { readMe } from './readMe.ts';
import { reportFiles } from './reportFiles.ts';
import { semanticModelFiles } from './semanticModel.ts';
import { sharedQueries } from './sharedQueries.ts';
import type { PowerBiSource } from './sharedQueries.ts';

/** What a project is made of. */
export interface PowerBiProject {
  /** What people call it; the names of its files follow. */
  readonly name: string;
  readonly source: PowerBiSource;
  /** At least one. */
  readonly rollups: readonly PowerBiRollup[];
  /** Customers (by name) who get a role of their own; the project names no others. */
  readonly customers: readonly string[];
}

/** A project as files by their paths with `/`, and in sentences what it does not show to whom. */
export interface PowerBiFiles {
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/**
 * A Power BI project (PBIP) over the roll-ups of a centre: a semantic model, a report of two pages, and how it is used.
 * Nothing secret is in it, and no row. Throws `input.rollup` for a summary that this kind of centre cannot give.
 */
export function powerBiProject({ name, source, rollups, customers }: PowerBiProject): PowerBiFiles {
  if (source.kind === 'lake') for (const rollup of rollups) checkMergeable(rollup);
  const taken = [CUSTOMERS, CALENDAR, ACCESS, ...sharedQueries(source).map((query) => query.name)];
  const facts = factsOf(rollups, taken);
  const base = fileName(name, 'Centre');
  const inFolder = (folder: string, files: ReadonlyMap<string, string>): [string, string][] =>
    [...files].map(([path, content]) => [`${folder}/${path}`, content]);
  const files = new Map([
    [`${base}.pbip`, pbip(base)],
    ['.gitignore', GITIGNORE],
    ['README.md', readMe(base, source, facts, customers)],
    ...inFolder(`${base}.SemanticModel`, semanticModelFiles(facts, source, customers)),
    ...inFolder(`${base}.Report`, reportFiles(facts, `${base}.SemanticModel`)),
  ]);
  return { files, notes: facts.flatMap((fact) => (fact.customer ? [] : [unownedNote(fact.rollup.table.name)])) };
}

const GITIGNORE = `# Rows that Power BI Desktop has loaded, and what it keeps of this machine.
**/.pbi/localSettings.json
**/.pbi/cache.abf
`;

function unownedNote(name: string): string {
  return `The groups of ${name} are of several customers together: roles of customers see none of them, and the report has no bars of them by customer. Group by _Customer as well to change that.`;
}

function checkMergeable(rollup: PowerBiRollup): void {
  if (isStored(rollup)) return;
  throw new AppError(
    'input.rollup',
    `Power BI cannot make the answer of ${rollup.table.name} of the files of a lake: more than count, sum, min and max is done with its groups. Store it in a Log Analytics or Data Explorer centre, which runs its query, or roll up the sums themselves.`,
  );
}

function pbip(base: string): string {
  const content = {
    $schema: 'https://developer.microsoft.com/json-schemas/fabric/pbip/pbipProperties/1.0.0/schema.json',
    version: '1.0',
    artifacts: [{ report: { path: `${base}.Report` } }],
    settings: { enableAutoRecovery: true },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
