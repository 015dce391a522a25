import type { Json } from './workflow.ts';

/** An expression of the workflow definition language, parsed. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  /** `of.name`, `of['name']`, `of[0]`; with `?` a null has null below it. */
  | { readonly kind: 'member'; readonly of: Expression; readonly key: Expression; readonly optional: boolean };

/** A text of a definition: plain, one expression, or pieces put together (`@{...}`). */
export type Template =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'pieces'; readonly pieces: readonly (string | Expression)[] };

/** What is wrong with a definition or an expression, in the service's words. */
export class TemplateFault extends Error {
  readonly code: string;
  constructor(message: string, code = 'InvalidTemplate') {
    super(message);
    this.name = 'TemplateFault';
    this.code = code;
  }
}

/** Characters of one expression (logic-apps-limits-and-config.md, Definition limits). */
const LONGEST_EXPRESSION = 8_192;

/** Reads a text of a definition: `@expression`, `@@` for an `@`, `@{...}` anywhere else. Throws TemplateFault. */
export function parseTemplate(text: string): Template {
  if (text.startsWith('@@')) return { kind: 'text', text: text.slice(1) };
  if (text.startsWith('@') && !text.startsWith('@{')) {
    const parser = new Parser(text, 1);
    const expression = parser.expression();
    parser.end();
    return { kind: 'expression', expression };
  }
  const pieces: (string | Expression)[] = [];
  let plain = '';
  for (let at = 0; at < text.length;) {
    if (text.startsWith('@@{', at)) {
      plain += '@{';
      at += 3;
    } else if (text.startsWith('@{', at)) {
      const parser = new Parser(text, at + 2);
      const expression = parser.expression();
      at = parser.closed();
      pieces.push(plain, expression);
      plain = '';
    } else plain += text[at++];
  }
  return pieces.length === 0 ? { kind: 'text', text: plain } : { kind: 'pieces', pieces: [...pieces, plain] };
}

/** Every call inside an expression, itself too. */
export function* callsIn(expression: Expression): Generator<Extract<Expression, { kind: 'call' }>> {
  if (expression.kind === 'call') {
    yield expression;
    for (const arg of expression.args) yield* callsIn(arg);
  } else if (expression.kind === 'member') {
    yield* callsIn(expression.of);
    yield* callsIn(expression.key);
  }
}

const WORDS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };

class Parser {
  private readonly text: string;
  private readonly start: number;
  private at: number;

  constructor(text: string, at: number) {
    this.text = text;
    this.start = at;
    this.at = at;
  }

  expression(): Expression {
    let made = this.primary();
    for (;;) {
      this.space();
      const optional = this.take('?');
      if (this.take('.')) {
        const name = this.match(/[A-Za-z_]\w*/y);
        made = { kind: 'member', of: made, key: { kind: 'literal', value: name }, optional };
      } else if (this.take('[')) {
        const key = this.expression();
        this.expect(']');
        made = { kind: 'member', of: made, key, optional };
      } else if (optional) throw this.fault();
      else return made;
    }
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) throw this.fault();
    this.measure();
  }

  /** Behind the `}` that ends an expression inside a text. */
  closed(): number {
    this.expect('}');
    this.measure();
    return this.at;
  }

  private primary(): Expression {
    this.space();
    if (this.take("'")) {
      let text = '';
      for (;;) {
        const quote = this.text.indexOf("'", this.at);
        if (quote < 0) throw this.fault();
        text += this.text.slice(this.at, quote);
        this.at = quote + 1;
        if (!this.take("'")) return { kind: 'literal', value: text };
        text += "'";
      }
    }
    if (/[-\d]/.test(this.text[this.at] ?? ''))
      return { kind: 'literal', value: Number(this.match(/-?\d+(?:\.\d+)?/y)) };
    const name = this.match(/[A-Za-z_]\w*/y);
    this.space();
    if (!this.take('(')) {
      const value = WORDS[name.toLowerCase()];
      if (value === undefined) throw this.fault();
      return { kind: 'literal', value };
    }
    const args: Expression[] = [];
    this.space();
    if (!this.take(')')) {
      do args.push(this.expression());
      while (this.take(','));
      this.expect(')');
    }
    return { kind: 'call', name: name.toLowerCase(), args };
  }

  private measure(): void {
    if (this.at - this.start > LONGEST_EXPRESSION)
      throw new TemplateFault(
        `The template language expression of ${this.at - this.start} characters is longer than the maximum of ${LONGEST_EXPRESSION}.`,
      );
  }
  private space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }
  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }
  private expect(char: string): void {
    this.space();
    if (!this.take(char)) throw this.fault();
  }
  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw this.fault();
    this.at += found.length;
    return found;
  }
  private fault(): TemplateFault {
    return new TemplateFault(
      `Unable to parse template language expression '${this.text.slice(this.start, this.start + 200)}': unexpected text at position '${this.at - this.start}'.`,
    );
  }
}
