import { sha256 } from './sha256.ts';

/** So many digits of the hash tell two secrets apart, and help nobody to find one out. */
const DIGITS = 8;

/**
 * A text that lets in whoever knows it, e.g. the address of a webhook. Made text or JSON of, in a template, a message
 * or a log, it says what it is and never what it holds: `https://hooks.example (secret, 43 characters, SHA-256
 * 1a2b3c4d...)`. A copy for another process or thread holds nothing of it either.
 */
export class SecretText {
  readonly #text: string;
  /** What a parameter is called that it is given in, e.g. `serviceUri`. */
  readonly kind: string;
  /** The first digits of its SHA-256. */
  readonly sha256: string;

  constructor(text: string, kind: string) {
    this.#text = text;
    this.kind = kind;
    this.sha256 = sha256(text).slice(0, DIGITS);
  }

  /** What it holds: for the request that needs it, and nobody else. */
  reveal(): string {
    return this.#text;
  }

  equals(other: SecretText): boolean {
    return this.#text === other.#text;
  }

  toString(): string {
    // Where an address leads is no secret, and who reads a plan has to know it.
    const [, , host] = /^(https?:\/\/)(?:[^/?#]*@)?([\w.-]+(?::\d+)?)(?:[/?#]|$)/i.exec(this.#text) ?? [];
    const what = `(secret, ${this.#text.length} characters, SHA-256 ${this.sha256}...)`;
    return host === undefined ? what : `${host.toLowerCase()} ${what}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Every secret in a value, at whatever depth. */
export function secretsIn(value: unknown): readonly SecretText[] {
  if (value instanceof SecretText) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(secretsIn);
}

/** Shorter ones stand in texts by chance. */
const SHORTEST_PART = 12;

/**
 * The same value, in whose texts what these secrets hold is replaced by what they are: for what a service says of what
 * it was sent. Also as JSON or an address would write them, and of an address what stands behind its host and each
 * value of its query.
 */
export function withoutSecrets<T>(value: T, secrets: readonly SecretText[]): T {
  const written = secrets
    .flatMap((secret) => writings(secret.reveal()).map((text) => [text, secret] as const))
    .sort(([a], [b]) => b.length - a.length);
  const clean = (item: unknown): unknown => {
    if (typeof item === 'string')
      return written.reduce((text, [part, secret]) => text.replaceAll(part, () => String(secret)), item);
    if (Array.isArray(item)) return item.map(clean);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(Object.entries(item).map(([name, one]) => [name, clean(one)]));
  };
  return (written.length === 0 ? value : clean(value)) as T;
}

function writings(text: string): readonly string[] {
  const [, behind = '', asked = ''] = /^https?:\/\/[^/?#]*([^?#]*(?:\?([^#]*))?.*)$/is.exec(text) ?? [];
  const values = asked.split('&').map((pair) => pair.slice(pair.indexOf('=') + 1));
  const parts = [text, behind, asked, ...values, ...behind.split(/[/?#]/)].filter(
    (part, at) => part.length >= SHORTEST_PART || (at === 0 && part !== ''),
  );
  return [...new Set(parts.flatMap((part) => [part, JSON.stringify(part).slice(1, -1), encoded(part), decoded(part)]))];
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
