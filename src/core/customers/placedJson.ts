/** A JSON value that remembers the line it starts on, so that a mistake can be shown where it is. */
export type PlacedJson =
  | { readonly kind: 'object'; readonly line: number; readonly entries: readonly PlacedEntry[] }
  | { readonly kind: 'array'; readonly line: number; readonly items: readonly PlacedJson[] }
  | { readonly kind: 'value'; readonly line: number; readonly value: string | number | boolean | null };

export interface PlacedEntry {
  readonly key: string;
  readonly line: number;
  readonly value: PlacedJson;
}

export interface PlacedError {
  readonly line: number;
  readonly message: string;
}

class SyntaxTrouble extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Strict JSON (RFC 8259) with lines. An array item that cannot be read is left out and named in `errors`, and reading
 * goes on
 * behind it; any other trouble ends the reading with what was complete by then.
 */
export function parsePlacedJson(text: string): { readonly root?: PlacedJson; readonly errors: readonly PlacedError[] } {
  const reader = new Reader(text);
  try {
    const root = reader.value();
    reader.end();
    return { root, errors: reader.errors };
  } catch (error) {
    if (!(error instanceof SyntaxTrouble)) throw error;
    reader.report(error);
    return { ...(reader.partial ? { root: reader.partial } : {}), errors: reader.errors };
  }
}

class Reader {
  readonly errors: PlacedError[] = [];
  /** The outermost object as far as it was read: entries are added as they complete. */
  partial: PlacedJson | undefined;
  private at: number;
  private readonly text: string;
  private readonly lineStarts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    this.at = text.startsWith('\uFEFF') ? 1 : 0;
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.lineStarts.push(i + 1);
  }

  report(trouble: SyntaxTrouble): void {
    this.errors.push({ line: this.lineOf(trouble.at), message: trouble.message });
  }

  value(): PlacedJson {
    const c = this.peek(),
      line = this.lineOf(this.at);
    if (c === '{') return this.object(line);
    if (c === '[') return this.array(line);
    if (c === '"') return { kind: 'value', line, value: this.string() };
    const word = /[-+.\w]+/y;
    word.lastIndex = this.at;
    const found = word.exec(this.text)?.[0];
    if (found === undefined)
      throw this.trouble(
        c === undefined ? 'The file ends where a value is expected.' : `A value is expected here, not "${c}".`,
      );
    let value: unknown;
    try {
      value = JSON.parse(found);
    } catch {
      throw this.trouble(`"${found.slice(0, 40)}" is not a JSON value; text needs double quotation marks.`);
    }
    this.at += found.length;
    return { kind: 'value', line, value: value as number | boolean | null };
  }

  end(): void {
    const c = this.peek();
    if (c !== undefined) throw this.trouble(`Nothing may follow the end of the JSON, found "${c}".`);
  }

  private object(line: number): PlacedJson {
    const entries: PlacedEntry[] = [];
    const object: PlacedJson = { kind: 'object', line, entries };
    this.partial ??= object;
    this.at++;
    if (this.peek() === '}') {
      this.at++;
      return object;
    }
    for (;;) {
      if (this.peek() !== '"') throw this.trouble('A name in double quotation marks is expected here.');
      const keyLine = this.lineOf(this.at),
        key = this.string();
      this.expect(':', `A colon is expected after "${key}".`);
      entries.push({ key, line: keyLine, value: this.value() });
      if (!this.more('}')) return object;
    }
  }

  private array(line: number): PlacedJson {
    const items: PlacedJson[] = [];
    this.at++;
    if (this.peek() === ']') {
      this.at++;
      return { kind: 'array', line, items };
    }
    for (;;) {
      this.peek();
      const start = this.at;
      try {
        items.push(this.value());
      } catch (error) {
        if (!(error instanceof SyntaxTrouble) || this.text[start] !== '{' || !this.skipItem(start)) throw error;
        this.report(error);
      }
      if (!this.more(']')) return { kind: 'array', line, items };
    }
  }

  /** Moves behind the braces that open at `start`; false where they never close, and nothing can be saved. */
  private skipItem(start: number): boolean {
    let depth = 0;
    for (let i = start; i < this.text.length; i++) {
      const c = this.text[i];
      if (c === '"') {
        for (i++; i < this.text.length && this.text[i] !== '"' && this.text[i] !== '\n'; i++)
          if (this.text[i] === '\\') i++;
      } else if (c === '{') depth++;
      else if (c === '}' && --depth === 0) {
        this.at = i + 1;
        return true;
      }
    }
    return false;
  }

  private more(close: '}' | ']'): boolean {
    const c = this.peek();
    if (c === close) {
      this.at++;
      return false;
    }
    if (c !== ',')
      throw this.trouble(
        c === undefined ? `The file ends before "${close}".` : `A comma or "${close}" is expected here, not "${c}".`,
      );
    this.at++;
    if (this.peek() === close) throw this.trouble(`JSON has no comma before "${close}".`);
    return true;
  }

  private string(): string {
    // Control characters are left for JSON.parse to refuse; only a line's end closes nothing.
    const token = /"(?:[^"\\\r\n]|\\.)*"/y;
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0];
    if (found === undefined) throw this.trouble('This text is not closed on its line.');
    let value: string;
    try {
      value = JSON.parse(found) as string;
    } catch {
      throw this.trouble('This text holds a control character or an escape that JSON does not know.');
    }
    this.at += found.length;
    return value;
  }

  private expect(c: string, message: string): void {
    if (this.peek() !== c) throw this.trouble(message);
    this.at++;
  }

  /** The next character that is not blank; a comment is named as such, because people try them. */
  private peek(): string | undefined {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'x')) this.at++;
    if (this.text[this.at] === '/' && '/*'.includes(this.text[this.at + 1] ?? 'x'))
      throw this.trouble('JSON has no comments.');
    return this.text[this.at];
  }

  private trouble(message: string): SyntaxTrouble {
    return new SyntaxTrouble(message, this.at);
  }

  private lineOf(at: number): number {
    let low = 0,
      high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}
