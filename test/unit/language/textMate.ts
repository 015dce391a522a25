/**
 * A small TextMate reader, enough for our own grammar: match, begin/end with back references, captures with names and
 * patterns, includes.
 */
interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly patterns?: readonly Rule[];
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
}
type Captures = Readonly<Record<string, { readonly name?: string; readonly patterns?: readonly Rule[] }>>;
export interface Grammar {
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}
interface Frame {
  readonly scopes: readonly string[];
  readonly patterns: readonly Rule[];
  readonly end?: RegExp;
  readonly endCaptures?: Captures;
}

/** Each run of text with its innermost scope names, most specific last; text without a scope of its own is left out. */
export function tokenize(
  grammar: Grammar,
  text: string,
): { readonly text: string; readonly scopes: readonly string[] }[] {
  const stack: Frame[] = [{ scopes: [], patterns: grammar.patterns }];
  return text.split('\n').flatMap((line) => tokenizeLine(grammar, line, stack));
}

function tokenizeLine(grammar: Grammar, line: string, stack: Frame[]): { text: string; scopes: readonly string[] }[] {
  const paint: (readonly string[])[] = Array.from({ length: line.length }, () => []);
  const cover = (start: number, end: number, scopes: readonly string[]): void => {
    for (let i = start; i < end; i++) paint[i] = scopes;
  };
  const captures = (found: RegExpExecArray, rules: Captures | undefined, outer: readonly string[]): void => {
    for (const [key, rule] of Object.entries(rules ?? {})) {
      const at = found.indices?.[Number(key)];
      if (!at || at[0] === at[1]) continue;
      const scopes = rule.name ? [...outer, rule.name] : outer;
      cover(at[0], at[1], scopes);
      if (rule.patterns) {
        let column = at[0];
        for (const token of tokenizeLine(grammar, line.slice(at[0], at[1]), [{ scopes, patterns: rule.patterns }])) {
          column = line.indexOf(token.text, column);
          cover(column, column + token.text.length, token.scopes);
          column += token.text.length;
        }
      }
    }
  };
  let at = 0;
  for (let guard = 0; guard < 10_000; guard++) {
    const frame = stack.at(-1)!;
    let best: { found: RegExpExecArray; rule?: Rule } | undefined;
    const consider = (source: RegExp, rule?: Rule): void => {
      source.lastIndex = at;
      const found = source.exec(line);
      if (found && (!best || found.index < best.found.index)) best = rule ? { found, rule } : { found };
    };
    if (frame.end) consider(frame.end);
    for (const rule of expand(grammar, frame.patterns))
      consider(new RegExp(rule.match ?? rule.begin ?? '$^', 'gd'), rule);
    if (!best) {
      cover(at, line.length, frame.scopes);
      break;
    }
    const { found, rule } = best as { found: RegExpExecArray; rule?: Rule };
    const end = found.index + found[0].length;
    cover(at, found.index, frame.scopes);
    if (!rule) {
      cover(found.index, end, frame.scopes);
      captures(found, frame.endCaptures, frame.scopes);
      stack.pop();
    } else {
      const scopes = rule.name ? [...frame.scopes, rule.name] : frame.scopes;
      cover(found.index, end, scopes);
      captures(found, rule.match === undefined ? rule.beginCaptures : rule.captures, scopes);
      if (rule.begin !== undefined) {
        const closing = (rule.end ?? '$^').replace(/\\(\d)/g, (_, n: string) =>
          (found[Number(n)] ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
        );
        stack.push({
          scopes,
          patterns: rule.patterns ?? [],
          end: new RegExp(closing, 'gd'),
          ...(rule.endCaptures ? { endCaptures: rule.endCaptures } : {}),
        });
      } else if (end === at) {
        at++;
        continue;
      }
    }
    at = end;
    if (at >= line.length && !stack.at(-1)!.end?.source.endsWith('$')) break;
    if (at > line.length) break;
  }
  return runs(line, paint);
}

function* expand(grammar: Grammar, patterns: readonly Rule[]): Generator<Rule> {
  for (const rule of patterns) {
    const target = rule.include ? grammar.repository[rule.include.slice(1)]! : rule;
    if (target.match !== undefined || target.begin !== undefined) yield target;
    else if (target.patterns) yield* expand(grammar, target.patterns);
  }
}

function runs(line: string, paint: readonly (readonly string[])[]): { text: string; scopes: readonly string[] }[] {
  const made: { text: string; scopes: readonly string[] }[] = [];
  paint.forEach((scopes, i) => {
    const last = made.at(-1);
    if (last && last.scopes === scopes) last.text += line[i];
    else made.push({ text: line[i]!, scopes });
  });
  return made.filter((token) => token.scopes.length > 0);
}
