import { ExpressionReader } from '../expressionReader.ts';
import type { Expression, ExpressionDialect } from '../expressionReader.ts';

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

const WORKFLOWS: ExpressionDialect = {
  property: /[A-Za-z_]\w*/y,
  functionName: /[A-Za-z_]\w*/y,
  number: /-?\d+(?:\.\d+)?/y,
  words: new Map([
    ['true', true],
    ['false', false],
    ['null', null],
  ]),
  optional: true,
  fault: (text, at) =>
    new TemplateFault(
      `Unable to parse template language expression '${text.slice(0, 200)}': unexpected text at position '${at}'.`,
    ),
};

/** Reads a text of a definition: `@expression`, `@@` for an `@`, `@{...}` anywhere else. Throws TemplateFault. */
export function parseTemplate(text: string): Template {
  if (text.startsWith('@@')) return { kind: 'text', text: text.slice(1) };
  if (text.startsWith('@') && !text.startsWith('@{')) {
    const reader = new ExpressionReader(text, 1, WORKFLOWS);
    const expression = reader.expression();
    reader.end();
    measure(reader.offset - 1);
    return { kind: 'expression', expression };
  }
  const pieces: (string | Expression)[] = [];
  let plain = '';
  for (let at = 0; at < text.length;) {
    if (text.startsWith('@@{', at)) {
      plain += '@{';
      at += 3;
    } else if (text.startsWith('@{', at)) {
      const reader = new ExpressionReader(text, at + 2, WORKFLOWS);
      const expression = reader.expression();
      reader.expect('}');
      measure(reader.offset - at - 2);
      at = reader.offset;
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

function measure(length: number): void {
  if (length > LONGEST_EXPRESSION)
    throw new TemplateFault(
      `The template language expression of ${length} characters is longer than the maximum of ${LONGEST_EXPRESSION}.`,
    );
}
