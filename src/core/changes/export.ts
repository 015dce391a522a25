import { escapeUnseen } from '../../base/visibleText.ts';
import type { PlanSecret, PlanWord } from '../../model/planExport.ts';
import { markedName, unmarkedKey } from './secretBook.ts';

/** What a template says beside its resources. */
export interface TemplateHead {
  readonly metadata?: object;
  readonly parameters?: object;
}

/**
 * An ARM template of these resources for `az deployment group create`, with outputs where there are some; empty where
 * there is no resource.
 */
export function toTemplate(resources: readonly object[], head: TemplateHead = {}, outputs?: object): string {
  if (resources.length === 0) return '';
  const template = {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    ...head,
    resources,
    ...(outputs ? { outputs } : {}),
  };
  return `${escapeUnseen(JSON.stringify(template, null, 2))}\n`;
}

/** Resources of a plan as a template has them, with parameters for its secrets. Empty where there is no resource. */
export function planTemplate(resources: readonly object[], secrets: readonly PlanSecret[]): string {
  return toTemplate(resources.map(asParameters) as readonly object[], parametersOf(secrets));
}

function asParameters(value: unknown): unknown {
  const secret = markedName(value);
  if (secret !== undefined) return `[parameters('${secret}')]`;
  if (Array.isArray(value)) return value.map(asParameters);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [unmarkedKey(key), asParameters(item)]));
}

/** The parameters of a template that secrets are given in; none where there is no secret. */
export function parametersOf(secrets: readonly PlanSecret[]): Pick<TemplateHead, 'parameters'> {
  if (secrets.length === 0) return {};
  return {
    parameters: Object.fromEntries(
      secrets.map(({ name, what }) => [name, { type: 'securestring', metadata: { description: templateText(what) } }]),
    ),
  };
}

/** As variables of a shell are called that a secret is given in, e.g. `SERVICE_URI_1`. */
export function shellNameOf(name: string): string {
  return name
    .replaceAll(/[A-Z]|\d+/g, '_$&')
    .replace(/^_/, '')
    .toUpperCase();
}

/** A text in brackets would be an expression of the template language; doubling the first bracket keeps it a text. */
export function templateText(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? `[${text}` : text;
}

/**
 * The `az` commands of a plan, each one line that can be pasted into a POSIX shell, after those that sign in to the
 * tenant and choose the subscription of `target` (an ARM id). A secret is a variable. None where there is nothing to
 * do.
 */
export function toCommands(
  tenant: string,
  target: string,
  commands: readonly (readonly PlanWord[])[],
): readonly string[] {
  if (commands.length === 0) return [];
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(target)?.[1];
  return [
    ['login', '--tenant', tenant],
    ...(subscription === undefined ? [] : [['account', 'set', '--subscription', subscription]]),
    ...commands,
  ].map((words) => ['az', ...words.map(planWord)].join(' '));
}

function planWord(word: PlanWord): string {
  if (typeof word === 'string') return azWord(word);
  return word
    .map((piece) => (typeof piece === 'string' ? quoteWord(piece) : `"$${shellNameOf(piece.$secret)}"`))
    .join('');
}

/** Where the Azure CLI would read a file: a word, or what stands behind its first `=`, begins with `@`; also a name. */
export function fileLike(word: string): { readonly before: string; readonly rest: string } | undefined {
  const at = word.indexOf('=') + 1;
  return word[at] === '@' && word.length > at + 1 ? { before: word.slice(0, at), rest: word.slice(at) } : undefined;
}

/** A word for the Azure CLI in bash or zsh, which is nothing but itself. */
export function azWord(word: string): string {
  const file = fileLike(word);
  if (!file) return quoteWord(word);
  // A file of the shell's own that holds the text; the CLI takes one line break off its end.
  return `${file.before === '' ? '' : quoteWord(file.before)}@<(printf '%s\\n' ${quoteWord(file.rest)})`;
}

/** A word as POSIX shells read it back (bash and zsh, where it holds what nobody would see), on one line. */
export function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // What nobody would see in a command, or would end its line, is written out, as bash and zsh read it back.
  if (escapeUnseen(word) !== word || /[\t\n\r]/.test(word)) return `$'${ansiQuoted(word)}'`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** By its bytes: bash before 4.2 knows no `\u`, and later ones read it in the language of who runs it. */
function ansiQuoted(word: string): string {
  return word
    .replace(/[\\']/g, String.raw`\$&`)
    .replaceAll('\t', String.raw`\t`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    .replace(/[^\n\r]/gu, (one) =>
      escapeUnseen(one) === one
        ? one
        : encodeURIComponent(one)
            .toLowerCase()
            .replaceAll('%', String.raw`\x`),
    );
}
