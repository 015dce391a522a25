import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { ROOT } from '../../scripts/tools.mjs';

/** The widest line of code that is no single text, and the widest comment. */
const WIDEST_CODE = 140;
const WIDEST_COMMENT = 120;
/** At most this part of all lines may be wider than `WIDEST_CODE` for the sake of one text. */
const WIDE_SHARE = 0.005;

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => parse(`src/${path.replaceAll('\\', '/')}`, readFileSync(join(ROOT, 'src', path), 'utf8')));

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

interface Wide {
  readonly place: string;
  readonly kind: 'comment' | 'text' | 'code';
}

/**
 * The lines that are too wide. One is `text` where a single string, template or regular expression makes it so: what is
 * left without it would fit. No formatter breaks such a line, and a text in pieces is found by no search.
 */
function wideLines(file: ts.SourceFile): Wide[] {
  const texts: { readonly from: number; readonly to: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isRegularExpressionLiteral(node))
      texts.push({ from: node.getStart(file), to: node.end });
    else ts.forEachChild(node, visit);
  };
  visit(file);
  const starts = file.getLineStarts();
  return file.text.split('\n').flatMap((line, at): Wide[] => {
    const place = `${file.fileName}:${at + 1}`;
    if (/^\s*(?:\/\/|\/?\*)/.test(line))
      return line.length > WIDEST_COMMENT && !/https?:\/\/\S{60}/.test(line) ? [{ place, kind: 'comment' }] : [];
    if (line.length <= WIDEST_CODE) return [];
    const [from, to] = [starts[at]!, starts[at]! + line.length];
    const longest = Math.max(0, ...texts.map((text) => Math.min(to, text.to) - Math.max(from, text.from)));
    return [{ place, kind: line.length - longest <= WIDEST_COMMENT ? 'text' : 'code' }];
  });
}

/** Exported functions, classes, interfaces, types and constants that say nothing of themselves: `path:line name`. */
function silentExports(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    const isDeclaration =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isVariableStatement(statement);
    if (!isDeclaration || !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.getJSDocCommentsAndTags(statement).length > 0) return [];
    const name = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map((declaration) => declaration.name.getText(file)).join(', ')
      : (statement.name?.text ?? '');
    return [`${file.fileName}:${file.getLineAndCharacterOfPosition(statement.getStart(file)).line + 1} ${name}`];
  });
}

describe('the width of lines', () => {
  const wide = sources.flatMap(wideLines);
  const places = (kind: Wide['kind']): string[] => wide.filter((line) => line.kind === kind).map(({ place }) => place);

  it(`is ${WIDEST_CODE} at most, but where one text makes it more`, () => {
    assert.deepEqual(places('code'), []);
  });
  it(`is more for the sake of a text in ${100 * WIDE_SHARE} % of the lines at most`, () => {
    const all = sources.reduce((sum, file) => sum + file.getLineStarts().length, 0);
    const texts = places('text');
    assert.ok(texts.length <= WIDE_SHARE * all, `${texts.length} of ${all}:\n${texts.join('\n')}`);
  });
  it(`is ${WIDEST_COMMENT} at most in comments`, () => {
    assert.deepEqual(places('comment'), []);
  });
  it('is measured: a wide comment, a wide text and wide code are told apart', () => {
    const file = [`// ${'c'.repeat(120)}`, `f('${'t'.repeat(140)}');`, `f(${Array(60).fill('1').join(', ')});`].join(
      '\n',
    );
    assert.deepEqual(
      wideLines(parse('a.ts', file)).map(({ kind }) => kind),
      ['comment', 'text', 'code'],
    );
  });
});

describe('docstrings', () => {
  it('are on every export', () => {
    assert.deepEqual(sources.flatMap(silentExports), []);
  });
  it('are looked for on everything that is exported', () => {
    const file =
      'export function f() {}\n/** Says. */\nexport class C {}\nexport type T = 1;\nexport const a = 1;\ntype U = 1;';
    assert.deepEqual(silentExports(parse('a.ts', file)), ['a.ts:1 f', 'a.ts:4 T', 'a.ts:5 a']);
  });
});

/** What an exported interface or type consists of: the names of its members, or what stands behind its `=`. */
interface Shape {
  readonly path: string;
  readonly name: string;
  readonly parts: readonly string[];
}

function shapesOf(file: ts.SourceFile): Shape[] {
  return file.statements.flatMap((statement): Shape[] => {
    if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) return [];
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    const of = ts.isInterfaceDeclaration(statement) ? statement : statement.type;
    const parts =
      ts.isInterfaceDeclaration(of) || ts.isTypeLiteralNode(of)
        ? of.members.flatMap((member) => member.name?.getText(file) ?? [])
        : [of.getText(file)];
    return [{ path: file.fileName, name: statement.name.text, parts }];
  });
}

/**
 * Shapes of one name that have half of the smaller one in common: one thing written down twice. A word that stands for
 * two things has other members in each place.
 */
function writtenTwice(files: readonly ts.SourceFile[]): string[] {
  const shapes = files.flatMap(shapesOf);
  return shapes.flatMap((one, at) =>
    shapes
      .slice(at + 1)
      .filter(({ name, parts }) => {
        if (name !== one.name) return false;
        const common = parts.filter((part) => one.parts.includes(part)).length;
        return common > 0 && 2 * common >= Math.min(parts.length, one.parts.length);
      })
      .map(({ path }) => `${one.name}: ${one.path}, ${path}`),
  );
}

describe('a shape', () => {
  it('has one definition; the emulator has nouns of its own, for it must not share a mistake', () => {
    assert.deepEqual(writtenTwice(sources.filter(({ fileName }) => !fileName.startsWith('src/emulator/'))), []);
  });
  it('that is written twice is noticed', () => {
    const one = parse(
      'a.ts',
      'export interface Fact { name: string; line: number; file: string }\nexport type V = 1 | 2;',
    );
    const two = parse(
      'b.ts',
      'export type Fact = { name: string; line: number; label: string };\nexport type V = 1 | 2;',
    );
    const other = parse(
      'c.ts',
      'export interface Fact { weight: number; line: number; unit: string }\nexport type V = 3;',
    );
    assert.deepEqual(writtenTwice([one, two, other]), ['Fact: a.ts, b.ts', 'V: a.ts, b.ts']);
  });
});
