import { escapeUnseen } from '../../base/visibleText.ts';

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

/** A text in brackets would be an expression of the template language; doubling the first bracket keeps it a text. */
export function templateText(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? `[${text}` : text;
}

/**
 * The `az` commands of a plan, each one line that can be pasted into a POSIX shell, after those that sign in to the
 * tenant and choose the subscription of `target` (an ARM id). None where there is nothing to do.
 */
export function toCommands(
  tenant: string,
  target: string,
  commands: readonly (readonly string[])[],
): readonly string[] {
  if (commands.length === 0) return [];
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(target)?.[1];
  return [
    ['login', '--tenant', tenant],
    ...(subscription === undefined ? [] : [['account', 'set', '--subscription', subscription]]),
    ...commands,
  ].map((words) => ['az', ...words.map(quoteWord)].join(' '));
}

/** An option with its text, for which a text that begins as an option does is not taken. */
export function optionWords(option: string, text: string): readonly string[] {
  return text.startsWith('-') ? [`${option}=${text}`] : [option, text];
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
