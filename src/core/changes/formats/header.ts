import { visibleText } from '../../../base/visibleText.ts';
import type { PlanParts } from './planParts.ts';

/** What a format adds to what every export says of itself. */
export interface HeaderWords {
  /** How it is carried out: a command line or a sentence each. */
  readonly use: readonly string[];
  /** What must be there, beside being signed in and the secrets. */
  readonly needs: readonly string[];
  /** Titles of changes that are not in it, and why in one sentence. */
  readonly missing: readonly string[];
  readonly whyMissing?: string;
  /** Titles of changes that leave alone what they do not say; all others write a resource whole. */
  readonly partial?: readonly string[];
}

/** What an export does, what it needs and what it leaves out: a line each, nothing of others begins a line. */
export function headerLines(
  parts: PlanParts,
  { use, needs, missing, whyMissing, partial = [] }: HeaderWords,
): readonly string[] {
  const left = new Set([...missing, ...partial]);
  const whole = parts.resources.flatMap(({ exists, title }) => (exists && !left.has(title) ? [title] : []));
  return [
    visibleText(parts.title),
    'Made by Tenantscope of a plan. What it does:',
    ...parts.steps
      .map(({ title }) => title)
      .filter((title) => !missing.includes(title))
      .map(item),
    'What it needs:',
    item(
      `An account of tenant ${parts.tenant}${parts.subscription === '' ? '' : `, with rights in subscription ${parts.subscription}`}`,
    ),
    ...needs.map(item),
    ...parts.secrets.map(({ name, what }) => item(`The parameter ${name}, which is kept secret: ${what}`)),
    ...(whole.length === 0
      ? []
      : ['What is there already is written whole, and loses what others set of it beside this:']),
    ...[...new Set(whole)].map(item),
    ...(use.length === 0 ? [] : ['How it is carried out:', ...use.map(item)]),
    ...(missing.length === 0 ? [] : [`Not in here${whyMissing === undefined ? '' : `, ${whyMissing}`}:`]),
    ...missing.map(item),
  ];
}

function item(text: string): string {
  return `- ${visibleText(text)}`;
}
