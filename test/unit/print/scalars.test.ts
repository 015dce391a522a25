import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Expr } from '../../../src/kql/plan.ts';
import { printExpr } from '../../../src/kql/print/printQuery.ts';
import { planOf, printedText } from '../../harness/printedText.ts';

/** The condition of a `where` over T, as it is printed. */
function condition(text: string, options = {}): string {
  return printedText(`T | where ${text}`, options).replace('T\n| where ', '');
}
/** A value over T, as it is printed. */
function value(text: string, options = {}): string {
  return printedText(`T | project x = ${text}`, options).replace('T\n| project x = ', '');
}

describe('scalar expressions of KQL', () => {
  it('have the parentheses they need, and no others', () => {
    assert.equal(value('((a + 1)) * (2 - (a - 3))'), '(a + 1) * (2 - (a - 3))');
    assert.equal(value('(a * 2) + (a / 3) % 4'), 'a * 2 + a / 3 % 4');
    assert.equal(value('a / (2 * a)'), 'a / (2 * a)');
    assert.equal(value('-(a + 1) - -5'), '-(a + 1) - -5');
    assert.equal(value('(-5) % 3'), '-5 % 3');
    assert.equal(value('-(-a)'), '-(-a)');
    assert.equal(condition('(a > 1 or b == "x") and not(b has "y")'), '(a > 1 or b == "x") and not(b has "y")');
    assert.equal(condition('a > 1 and (b == "x" and a < 9)'), 'a > 1 and b == "x" and a < 9');
    assert.equal(condition('(b has "a") == true'), '(b has "a") == true');
    assert.equal(condition('(a + 1) in (1, 2) and b !in~ ("x")'), 'a + 1 in (1, 2) and b !in~ ("x")');
    assert.equal(condition('a between ((1 + 1) .. 9)'), 'a between (1 + 1 .. 9)');
    assert.equal(condition(String.raw`b matches regex "\\d+"`), String.raw`b matches regex @"\d+"`);
  });
  it('reach into dynamic values by words, keys and places', () => {
    assert.equal(value('c.a["b c"][0][b]'), 'c.a["b c"][0][b]');
    assert.equal(value('c["where"]'), 'c["where"]');
    assert.equal(value('parse_json(b).x'), 'parse_json(b).x');
    assert.equal(value('dynamic({"a":1}).a'), 'dynamic({"a":1}).a');
  });
  it('name types where a function wants one', () => {
    assert.equal(value('extract("(\\\\d+)", 1, b, typeof(long))'), String.raw`extract(@"(\d+)", 1, b, typeof(long))`);
  });
  it('look for values in lists, arrays and tables', () => {
    assert.equal(condition('b in (dynamic(["x", "y"]))'), 'b in ("x", "y")');
    assert.equal(condition('a in (dynamic([]))'), 'a in (dynamic([]))');
    assert.equal(condition('b in (c)'), 'b in (c)');
    assert.equal(condition('b in (U | project d)'), 'b in (U | project d)');
    assert.equal(condition('a in (U)'), 'a in (U | project a)');
    assert.equal(
      condition('b has_any (U | project d)'),
      'b has_any (toscalar(U | project d | summarize list = make_list(d)))',
    );
  });
  it('say what a value becomes, where the plan converts it', () => {
    assert.equal(printedText('let f = (x:real) { x }; T | project y = f(a)'), 'T\n| project y = toreal(a)');
    const text: Expr = { kind: 'column', name: 'b', type: 'string' };
    const place = { start: 0, length: 0 };
    assert.equal(printExpr({ kind: 'convert', type: 'dynamic', value: text, place }), 'pack_array(b)[0]');
  });
  it('have one moment where one is given', () => {
    const options = { now: 638_513_658_000_000_000n };
    assert.equal(value('now()', options), 'datetime(2024-05-15T10:30:00Z)');
    assert.equal(condition('t > ago(1d)', options), 't > datetime(2024-05-14T10:30:00Z)');
    assert.equal(condition('t > now(-1h)', options), 't > datetime(2024-05-15T09:30:00Z)');
    assert.equal(condition('t > ago(totimespan(b))', options), 't > datetime(2024-05-15T10:30:00Z) - totimespan(b)');
    assert.equal(condition('t > ago(1d)'), 't > ago(1d)');
  });
  it('pack a row, with all its columns or without some', () => {
    assert.equal(value('pack_all(true)'), 'pack_all(true)');
    assert.equal(value('pack_all()'), 'bag_pack("a", a, "b", b, "c", c, "t", t)');
    assert.equal(
      printedText('find in (U) where a > 1 project a, pack_all()'),
      [
        'U',
        '| where a > 1',
        '| project a, pack_ = bag_remove_keys(pack_all(true), dynamic(["a"]))',
        '| extend source_ = "U"',
        '| project source_, a, pack_',
      ].join('\n'),
    );
  });
  it('join no more texts than a call takes', () => {
    const columns = Array.from({ length: 130 }, (_, i) => `c${i} = "x"`).join(', ');
    const text = printedText(`print ${columns} | where * has "x"`);
    assert.match(text, /where strcat_delim\("\\n", strcat_delim\("\\n", c0, /);
  });
  it('may stand on tables', () => {
    const [result] = planOf('let s = materialize(U); T | where a in (s) or a in (s | where b > 1)').results;
    assert.ok(result?.rel.kind === 'filter');
    const { condition: expr } = result.rel;
    assert.match(printExpr(expr), /^a in \(U \| project a\) or a in \(U \| where b > 1\)$/);
  });
});
