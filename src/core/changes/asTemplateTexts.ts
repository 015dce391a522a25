import { templateText } from './export.ts';

/** The same value, every text of which the template language leaves as it is. */
export function asTemplateTexts(value: unknown): unknown {
  if (typeof value === 'string') return templateText(value);
  if (Array.isArray(value)) return value.map(asTemplateTexts);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asTemplateTexts(item)]));
}
