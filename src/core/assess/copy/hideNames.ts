import type { HiddenNames } from './hiddenNames.ts';
import { NameGuard } from './nameGuard.ts';
import { isOwnPhrase } from './ownWords.ts';
import { wordsOf } from './words.ts';

/** What a provider's workspace is called in a customer's copy. */
const CENTRE = "the provider's workspace";
/** What stands for a text that would name another customer. */
const LEFT_OUT = '(left out: it names somebody else)';

/** Takes the provider's names out of a text; a text that names another customer goes as a whole. */
export function hideNames({ own, provider, others }: HiddenNames): (text: string) => string {
  const centres = pattern(provider.filter((name) => !own.includes(name) && !isOwnPhrase(wordsOf(name))));
  const whole = new Set(provider.filter((name) => !own.includes(name)));
  const guard = new NameGuard(own, others);
  return (text) => {
    if (whole.has(text)) return CENTRE;
    const said = centres ? text.replace(centres, CENTRE) : text;
    return guard.names(said) ? LEFT_OUT : said;
  };
}

/** Any of these names as a word of its own, longest first. */
function pattern(names: readonly string[]): RegExp | undefined {
  const words = [...new Set(names)].sort((a, b) => b.length - a.length);
  if (words.length === 0) return undefined;
  const escaped = words.map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_-])`, 'giu');
}
