import { SecretText } from '../../base/secretText.ts';
import type { PlanSecret, PlanWord, SecretMark } from '../../model/planExport.ts';

/**
 * Names under which services take what lets in whoever knows it: where a handler has such a value as a plain text, it
 * is taken for a secret all the same.
 */
const SECRET_NAMES = /^(serviceUri|callbackUrl|password|clientSecret|accessKey|primaryKey|secondaryKey|sharedKey)$/;
/** What a mark is known by, and what looks like one in data of others. */
const MARK = /^\$+secret$/;

/** A word of a command as a handler gives it. */
export type HandlerWord = string | SecretText;

/** Takes the secrets out of what handlers give for a plan. One that stands in two places is asked for once. */
export class SecretBook {
  private readonly known = new Map<string, PlanSecret>();

  /** What has been met. */
  get all(): readonly PlanSecret[] {
    return [...this.known.values()];
  }

  /** The same value with a mark for each secret. `title` is the change that it is of. */
  marked(value: unknown, title: string, name = ''): unknown {
    if (value instanceof SecretText) return this.keep(value, title);
    if (typeof value === 'string')
      return SECRET_NAMES.test(name) && value !== '' ? this.keep(new SecretText(value, name), title) : value;
    if (Array.isArray(value)) return value.map((item) => this.marked(item, title, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [MARK.test(key) ? `$${key}` : key, this.marked(item, title, key)]),
    );
  }

  /** A word of a command; what its own resources have as a secret is one in it, too, also as JSON writes it. */
  word(word: HandlerWord, title: string): PlanWord {
    if (word instanceof SecretText) return [this.keep(word, title)];
    let pieces: readonly (string | SecretMark)[] = [word];
    for (const [text, { name }] of this.known)
      for (const written of new Set([text, JSON.stringify(text).slice(1, -1)]))
        pieces = pieces.flatMap((piece) =>
          typeof piece === 'string'
            ? piece.split(written).flatMap((part, at) => (at === 0 ? [part] : [{ $secret: name }, part]))
            : [piece],
        );
    return pieces.length === 1 ? word : pieces.filter((piece) => piece !== '');
  }

  private keep(secret: SecretText, title: string): SecretMark {
    const text = secret.reveal();
    const found = this.known.get(text) ?? {
      name: `${secret.kind}${this.known.size + 1}`,
      what: `${secret.kind} of: ${title}: ${String(secret)}`,
    };
    this.known.set(text, found);
    return { $secret: found.name };
  }
}

/** The name of the secret that a mark stands for; undefined for everything else. */
export function markedName(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [entry, ...more] = Object.entries(value);
  return entry && more.length === 0 && entry[0] === '$secret' && typeof entry[1] === 'string' ? entry[1] : undefined;
}

/** A key of others as it was before a plan was made. */
export function unmarkedKey(key: string): string {
  return MARK.test(key) ? key.slice(1) : key;
}
