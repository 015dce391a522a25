/** Values of a template: JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A template language failure, said in Resource Manager's words. */
export class TemplateError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'TemplateError';
    this.code = code;
  }
}

/** What an expression may call; arguments come unevaluated so that `if` can leave one branch alone. */
export interface ExpressionScope {
  call(name: string, args: readonly (() => Json)[]): Json;
}

/** Evaluates a string of a template: `[...]` is an expression, `[[` a literal bracket, everything else itself. */
export function evaluateText(text: string, scope: ExpressionScope): Json {
  if (!text.startsWith('[') || !text.endsWith(']')) return text;
  if (text.startsWith('[[')) return text.slice(1);
  const parser = new Parser(text.slice(1, -1), scope);
  const value = parser.expression();
  parser.end();
  return value();
}

/** Evaluates every string in a JSON value. */
export function evaluate(value: Json, scope: ExpressionScope): Json {
  if (typeof value === 'string') return evaluateText(value, scope);
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope));
  if (value === null || typeof value !== 'object') return value;
  if ('copy' in value)
    throw new TemplateError('InvalidTemplate', "The emulator does not evaluate 'copy' loops in templates.");
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, evaluate(item, scope)]));
}

type Thunk = () => Json;

/** Recursive descent over `name(args)`, `'text'`, numbers, `.property` and `[index]`. */
class Parser {
  private at = 0;
  private readonly text: string;
  private readonly scope: ExpressionScope;
  constructor(text: string, scope: ExpressionScope) {
    this.text = text;
    this.scope = scope;
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) throw this.error();
  }

  expression(): Thunk {
    this.space();
    let value = this.primary();
    for (;;) {
      this.space();
      if (this.take('.')) {
        const name = this.match(/[A-Za-z_][\w-]*/y);
        value = member(value, () => name);
      } else if (this.take('[')) {
        const index = this.expression();
        this.expect(']');
        value = member(value, index);
      } else return value;
    }
  }

  private primary(): Thunk {
    if (this.take("'")) {
      let text = '';
      for (;;) {
        const quote = this.text.indexOf("'", this.at);
        if (quote < 0) throw this.error();
        text += this.text.slice(this.at, quote);
        this.at = quote + 1;
        if (!this.take("'")) return () => text;
        text += "'";
      }
    }
    if (/[-\d]/.test(this.text[this.at] ?? '')) {
      const number = Number(this.match(/-?\d+/y));
      return () => number;
    }
    const name = this.match(/[A-Za-z_][\w.]*/y);
    this.space();
    this.expect('(');
    const args: Thunk[] = [];
    this.space();
    if (!this.take(')')) {
      do args.push(this.expression());
      while (this.take(','));
      this.expect(')');
    }
    return () => this.scope.call(name, args);
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
    if (!this.take(char)) throw this.error();
  }
  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw this.error();
    this.at += found.length;
    return found;
  }
  private error(): TemplateError {
    return new TemplateError(
      'InvalidTemplate',
      `Unable to parse the template language expression '${this.text}': unexpected text at position ${this.at + 1}.`,
    );
  }
}

function member(of: Thunk, index: Thunk): Thunk {
  return () => {
    const [value, at] = [of(), index()];
    const found = Array.isArray(value)
      ? value[Number(at)]
      : value !== null && typeof value === 'object'
        ? (value[String(at)] ??
          Object.entries(value).find(([name]) => name.toLowerCase() === String(at).toLowerCase())?.[1])
        : undefined;
    if (found === undefined)
      throw new TemplateError('InvalidTemplate', `The language expression property '${String(at)}' does not exist.`);
    return found;
  };
}
