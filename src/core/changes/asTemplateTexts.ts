import { SecretText } from '../../base/secretText.ts';
import { templateText } from './export.ts';

/** The same value, every text of which the template language leaves as it is. Secrets are left to the plan. */
export function asTemplateTexts(value: unknown): unknown {
  if (typeof value === 'string') return templateText(value);
  if (Array.isArray(value)) return value.map(asTemplateTexts);
  if (value === null || typeof value !== 'object' || value instanceof SecretText) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asTemplateTexts(item)]));
}
