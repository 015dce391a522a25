import { child, kindOf, walk } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { DOCS } from './docs/find.ts';
import type { TextChange, TextDiagnostic } from './face.ts';
import { nearest } from './nearest.ts';

/** A change to the text that repairs a mistake, and what to call it. */
export interface Fix extends TextChange {
  readonly title: string;
}

/** Repairs of what people coming from other languages, or in a hurry, write; places as the diagnostic's. */
export function mistakeFixes(root: SyntaxNode | undefined, text: string, d: TextDiagnostic): Fix[] {
  const there = text.slice(d.start, d.end);
  switch (d.code) {
    case 'KS002':
      return otherOperator(text, d.start);
    case 'KS005':
      return there === 'not' ? notIn(text, d.start) : [];
    case 'KS106':
    case 'KS141':
      return [
        ...comparisons(root, d),
        ...(there === '!=' && text[d.end] === '~' ? [replace({ start: d.start, end: d.end + 1 }, '!~')] : []),
      ];
    case 'KS117':
      return /^\w+$/.test(there) && there !== 'not'
        ? [{ title: `Call ${there}()`, start: d.end, end: d.end, newText: '()' }]
        : notIn(text, d.start);
    case 'KS142':
      return there === 'null' ? againstNull(text, d.start, d.end) : [];
    case 'KS176':
      return there === '' || text[d.start] === '|'
        ? otherOperator(text, text[d.start - 1] === '|' ? d.start - 1 : d.start)
        : nearest(there, Object.keys(DOCS.operator)).map((name) => replace(d, name));
    case 'KS182':
      return joinKeys(text, d.start);
    default:
      return [];
  }
}

function replace({ start, end }: { readonly start: number; readonly end: number }, newText: string): Fix {
  return { title: `Change to ${newText}`, start, end, newText };
}

/** `&&` and `||`. */
function otherOperator(text: string, at: number): Fix[] {
  const pair = text.slice(at, at + 2);
  return pair === '&&'
    ? [replace({ start: at, end: at + 2 }, 'and')]
    : pair === '||'
      ? [replace({ start: at, end: at + 2 }, 'or')]
      : [];
}

/** `x not in (...)` */
function notIn(text: string, at: number): Fix[] {
  const found = /^not\s+(in~?|has|contains|startswith|endswith|between)(?!\w)/.exec(text.slice(at));
  return found ? [replace({ start: at, end: at + found[0].length }, `!${found[1]!}`)] : [];
}

/** `where a = 1`: what reads as the naming of a column inside a condition was meant as a comparison. */
function comparisons(root: SyntaxNode | undefined, d: TextDiagnostic): Fix[] {
  const fixes: Fix[] = [];
  const inCondition = (node: SyntaxNode): void =>
    walk(node, (inner) => {
      const sign = kindOf(inner) === 'SimpleNamedExpression' ? inner.GetChild(1) : undefined;
      if (sign && !sign.IsMissing)
        fixes.push({
          title: 'Compare with ==',
          start: sign.TextStart,
          end: sign.TextStart + sign.Width,
          newText: '==',
        });
    });
  if (root) {
    walk(root, (node) => {
      if (kindOf(node) !== 'FilterOperator') return;
      const condition = child(node, 'Condition');
      if (condition && condition.TextStart <= d.end && condition.End >= d.start) inCondition(condition);
    });
  }
  return fixes;
}

/** `on $left.a = $right.b` */
function joinKeys(text: string, at: number): Fix[] {
  const found = /^\$(?:left|right)\.(?:\w+|\[[^\]]*\])\s*(=)(?!=)/.exec(text.slice(at));
  return found
    ? [{ title: 'Compare with ==', start: at + found[0].length - 1, end: at + found[0].length, newText: '==' }]
    : [];
}

/** `x == null` is never true: isnull(x) asks. */
function againstNull(text: string, start: number, end: number): Fix[] {
  const found = /([\w.]+)\s*(==|!=)\s*$/.exec(text.slice(0, start));
  if (!found) return [];
  const asked = `${found[2] === '==' ? 'isnull' : 'isnotnull'}(${found[1]!})`;
  return [{ title: `Ask with ${asked}`, start: start - found[0].length, end, newText: asked }];
}
