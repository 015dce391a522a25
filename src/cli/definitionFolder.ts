import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeText } from '../base/decodeText.ts';
import { AppError } from '../base/errors.ts';
import { positionOf } from '../kql/queryFiles/places.ts';
import type { FileProblem } from '../kql/queryFiles/queryFile.ts';
import { safeText } from './output/safeText.ts';
import type { Terminal } from './output/terminal.ts';

/** What a file of a folder defines has a name, which no other file of the folder may have. */
export interface NamedFile {
  readonly problems: readonly FileProblem[];
  /** Absent where a problem leaves open what is meant. */
  readonly definition?: { readonly name: string };
}

/** A definition, and the file that says it. */
export interface FoundDefinition<F extends NamedFile> {
  readonly path: string;
  readonly text: string;
  readonly file: F;
  readonly definition: NonNullable<F['definition']>;
}

/** A folder with a definition a file. */
export interface DefinitionFolder<F extends NamedFile> {
  readonly folder: string;
  /** Names of its files that are definitions. */
  readonly files: RegExp;
  /** What the files are, for people: `roll-ups`. */
  readonly noun: string;
  /** How to come by such a folder: a sentence or two. */
  readonly hint: string;
  readonly read: (path: string, text: string) => Promise<F>;
}

/**
 * The definitions of a folder, by the names of their files, and how many could not be read: each is told with its
 * place.
 * Rejects with `input.file` where there is no such folder, and for two of one name.
 */
export async function readDefinitions<F extends NamedFile>(
  { folder, files, noun, hint, read }: DefinitionFolder<F>,
  terminal: Pick<Terminal, 'say'>,
): Promise<{ readonly found: readonly FoundDefinition<F>[]; readonly unread: number }> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new AppError('input.file', `There is no folder of ${noun} ${folder}. ${hint}`, { cause });
  });
  const found: FoundDefinition<F>[] = [];
  let unread = 0;
  for (const name of names.filter((one) => files.test(one)).sort()) {
    const path = join(folder, name);
    const text = decodeText(await readFile(path));
    const file = await read(path, text);
    sayProblems({ path, text }, file.problems, terminal);
    const definition: FoundDefinition<F>['definition'] | undefined = file.definition;
    if (!definition) {
      unread++;
      continue;
    }
    const twin = findByName(found, definition.name);
    if (twin)
      throw new AppError(
        'input.file',
        `${twin.path} and ${path} are both called ${definition.name}. Give one of them another "@name".`,
      );
    found.push({ path, text, file, definition });
  }
  return { found, unread };
}

/** Tells problems of a file, each with its place. */
export function sayProblems(
  { path, text }: { readonly path: string; readonly text: string },
  problems: readonly FileProblem[],
  terminal: Pick<Terminal, 'say'>,
): void {
  for (const { message, start } of problems) {
    const { line, column } = positionOf(text, start);
    terminal.say(safeText(`${path}:${line}:${column}: ${message}`));
  }
}

/**
 * The definition of a name, in whatever case. Throws `input.usage`, naming those there are, where there is none or no
 * `name`; `noun` is what one is: `roll-up`.
 */
export function chooseDefinition<D extends { readonly definition: { readonly name: string } }>(
  found: readonly D[],
  name: string | undefined,
  noun: string,
): D {
  const known = found.map(({ definition }) => definition.name).join(', ');
  const told = known === '' ? '' : ` There are ${known}.`;
  if (name === undefined) throw new AppError('input.usage', `NAME is missing.${told}`);
  const one = findByName(found, name);
  if (one) return one;
  throw new AppError('input.usage', `There is no ${noun} "${name.slice(0, 60)}".${told}`);
}

function findByName<D extends { readonly definition: { readonly name: string } }>(
  found: readonly D[],
  name: string,
): D | undefined {
  return found.find(({ definition }) => definition.name.toLowerCase() === name.toLowerCase());
}
