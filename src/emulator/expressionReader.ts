/** Values of templates and workflows: JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** An expression of the language of templates and workflows, parsed. Names of functions are as they are written. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  /** `of.name`, `of['name']`, `of[0]`; with `?` a null has null below it. */
  | { readonly kind: 'member'; readonly of: Expression; readonly key: Expression; readonly optional: boolean };

/** What the expressions of a template have otherwise than those of a workflow. Patterns are sticky (`y`). */
export interface ExpressionDialect {
  readonly property: RegExp;
  readonly functionName: RegExp;
  readonly number: RegExp;
  /** Words that are values, in lower case. */
  readonly words: ReadonlyMap<string, Json>;
  /** Whether a `?` may stand before what is selected. */
  readonly optional: boolean;
  /** Says that an expression goes wrong at an offset of it; `text` begins with the expression. */
  readonly fault: (text: string, at: number) => Error;
}

/** Recursive descent over `name(args)`, `'text'`, numbers, `.property` and `[index]`. Throws what the dialect says. */
export class ExpressionReader {
  private readonly text: string;
  private readonly start: number;
  private readonly dialect: ExpressionDialect;
  private at: number;

  /** Reads from the offset `start` of a text. */
  constructor(text: string, start: number, dialect: ExpressionDialect) {
    this.text = text;
    this.start = start;
    this.at = start;
    this.dialect = dialect;
  }

  /** The offset behind what was read. */
  get offset(): number {
    return this.at;
  }

  /** The expression that stands here; what follows it is left. */
  expression(): Expression {
    let made = this.primary();
    for (;;) {
      this.space();
      const optional = this.dialect.optional && this.take('?');
      if (this.take('.')) {
        const value = this.match(this.dialect.property);
        made = { kind: 'member', of: made, key: { kind: 'literal', value }, optional };
      } else if (this.take('[')) {
        const key = this.expression();
        this.expect(']');
        made = { kind: 'member', of: made, key, optional };
      } else if (optional) throw this.fault();
      else return made;
    }
  }

  /** Nothing but space follows. */
  end(): void {
    this.space();
    if (this.at < this.text.length) throw this.fault();
  }

  /** Reads a character, and space before it. */
  expect(char: string): void {
    this.space();
    if (!this.take(char)) throw this.fault();
  }

  private primary(): Expression {
    this.space();
    if (this.take("'")) return { kind: 'literal', value: this.quoted() };
    if (/[-\d]/.test(this.text[this.at] ?? ''))
      return { kind: 'literal', value: Number(this.match(this.dialect.number)) };
    const name = this.match(this.dialect.functionName);
    this.space();
    const value = this.dialect.words.get(name.toLowerCase());
    if (value !== undefined && this.text[this.at] !== '(') return { kind: 'literal', value };
    this.expect('(');
    const args: Expression[] = [];
    this.space();
    if (!this.take(')')) {
      do args.push(this.expression());
      while (this.take(','));
      this.expect(')');
    }
    return { kind: 'call', name, args };
  }

  /** Behind a quote to the one that ends it; two of them are one of the text. */
  private quoted(): string {
    for (let text = ''; ; text += "'") {
      const quote = this.text.indexOf("'", this.at);
      if (quote < 0) throw this.fault();
      text += this.text.slice(this.at, quote);
      this.at = quote + 1;
      if (!this.take("'")) return text;
    }
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }
  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }
  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw this.fault();
    this.at += found.length;
    return found;
  }
  private fault(): Error {
    return this.dialect.fault(this.text.slice(this.start), this.at - this.start);
  }
}
