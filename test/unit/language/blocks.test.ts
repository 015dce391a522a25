import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kusto, list } from '../../../src/kql/kustoApi.ts';
import type { GlobalState, NetList } from '../../../src/kql/kustoApi.ts';
import { blockAt, blockStarts, documentBlocks } from '../../../src/kql/language/blocks.ts';

/** Where Microsoft's own script splitter begins each block. */
function scriptBlockStarts(text: string): number[] {
  const { Editor } = kusto as unknown as {
    Editor: {
      CodeScript: { From$1(text: string, globals: GlobalState): { Blocks: NetList<{ readonly Start: number }> } };
    };
  };
  return list(Editor.CodeScript.From$1(text, kusto.GlobalState.Default).Blocks).map((block) => block.Start);
}

const summary = (text: string): string[] =>
  documentBlocks(text).map((block) => `${block.kind}:${block.name ?? ''}:${block.text.replace(/\s+/g, ' ')}`);

test('blank lines part queries; comments above name them', () => {
  assert.deepEqual(
    summary(
      '// @scope all\n\n// Who is silent?\n// more\nHeartbeat\n| take 1\n\n\n \nPerf\n\n#connect x\n\n.show tables\n',
    ),
    [
      'comment::// @scope all',
      'query:Who is silent?:// Who is silent? // more Heartbeat | take 1',
      'query::Perf',
      'directive::#connect x',
      'command::.show tables',
    ],
  );
});

test('let statements go on to the next block, over blank lines and comments', () => {
  assert.deepEqual(
    summary('let a = 1;\n\n// then\nlet f = (x:long) { x;\n};\r\n\r\nT | take a\n\nU').map((s) =>
      s.replace(/^query:[^:]*:/, ''),
    ),
    ['let a = 1; // then let f = (x:long) { x; }; T | take a', 'U'],
  );
  assert.equal(documentBlocks('let a = 1\n\nT').length, 2, 'an unfinished let is a block of its own');
  assert.equal(documentBlocks('T | take 1;\n\nU').length, 2, 'a query that is ended stays one');
  assert.equal(documentBlocks('let a = 1;').length, 1);
});

test('blank lines in multi-line strings part nothing', () => {
  assert.equal(documentBlocks('print ```\n\n// not a comment\n\n```\n| take 1').length, 1);
  assert.equal(documentBlocks('print "an open string\n\nT').length, 2);
});

test("the same beginnings as Microsoft's splitter", () => {
  const pieces = [
    '\n',
    '\n',
    '\r\n',
    '\r\n',
    '\n\n',
    ' ',
    '\t',
    'T',
    '| where x',
    '```',
    '~~~',
    '"a"',
    '"',
    '// c "',
    'h@"x"',
    'let x=1;',
    "@'y\\'",
    ';',
    'h',
    '東京',
  ];
  let seed = 11;
  const next = (limit: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return (seed >> 8) % limit;
  };
  for (let i = 0; i < 600; i++) {
    const text = Array.from({ length: 2 + next(16) }, () => pieces[next(pieces.length)]).join('');
    assert.deepEqual(blockStarts(text), scriptBlockStarts(text), JSON.stringify(text));
  }
});

test('the block at an offset is the one being typed in', () => {
  const text = 'T | take 1\n\n\nU\n';
  const blocks = documentBlocks(text);
  assert.equal(blockAt(blocks, 0, text.length)?.text, 'T | take 1');
  assert.equal(blockAt(blocks, 11, text.length)?.text, 'T | take 1', 'the line below still goes on with it');
  assert.equal(blockAt(blocks, 12, text.length), undefined, 'after a second blank line something new begins');
  assert.equal(blockAt(blocks, text.length, text.length)?.text, 'U');
  assert.equal(blockAt([], 0, 0), undefined);
});

test('places are places of the document, CRLF and other scripts included', () => {
  const text = '// 東京 🚀\r\nT\r\n| where x == "é"\r\n\r\nU';
  const [first, second] = documentBlocks(text);
  assert.equal(text.slice(first!.start, first!.end), first!.text);
  assert.equal(text.slice(first!.codeStart, first!.codeStart + 1), 'T');
  assert.equal(first!.name, '東京 🚀');
  assert.equal(text.slice(second!.start, second!.end), 'U');
});
