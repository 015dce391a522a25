import { AppError } from '../../../base/errors.ts';

/** How a template writes a value: its file's extension says it. */
export type TicketForm = 'md' | 'json';

/** What Markdown takes for more than a letter, and HTML too. */
const MARKUP = /[\\`*_{}[\]()#+\-.!|~<>&]/g;

/**
 * A template with its placeholders (`{{customer}}`) filled in. Values are of rows, so of anybody: in Markdown nothing
 * of them is markup, in JSON they are what stands inside a text. Throws `input.alert` for a placeholder that is none,
 * and where the result is no JSON.
 */
export function fillTicket(template: string, form: TicketForm, fields: Readonly<Record<string, string>>): string {
  const text = template.replaceAll(/\{\{\s*([A-Za-z]+)\s*\}\}/g, (_all, name: string) => {
    if (!Object.hasOwn(fields, name))
      throw new AppError('input.alert', `The template names {{${name}}}; there are ${Object.keys(fields).join(', ')}.`);
    return escaped(fields[name]!, form);
  });
  if (form === 'json')
    try {
      JSON.parse(text);
    } catch (cause) {
      throw new AppError(
        'input.alert',
        'The template is no JSON once it is filled in: put placeholders inside texts.',
        {
          cause,
        },
      );
    }
  return text;
}

function escaped(value: string, form: TicketForm): string {
  if (form === 'json') return JSON.stringify(value).slice(1, -1);
  // A value stays on its line: a new one could begin a heading, a list or a table.
  return value
    .replaceAll(/\s+/g, ' ')
    .replaceAll(MARKUP, (mark) => (mark === '<' ? '&lt;' : mark === '&' ? '&amp;' : `\\${mark}`));
}
