import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readNotebook } from '../../../../src/kql/notebook/notebookCells.ts';
import type { NotebookCell } from '../../../../src/kql/notebook/notebookCells.ts';
import { printNotebook } from '../../../../src/kql/notebook/printNotebook.ts';

const FILE = `---
title: Sign-ins
scope: group:gold
---
# Sign-ins

Who came in.

\`\`\`kql
// @name signIns
SigninLogs | take 5
\`\`\`

And then:

  ~~~~kusto title="x"
  signIns
  | count
  ~~~~
The end.
`;

const kinds = (text: string): string[] => readNotebook(text).cells.map(({ kind, value }) => `${kind}: ${value}`);
const edited = (text: string, change: (cells: readonly NotebookCell[]) => readonly NotebookCell[]): string => {
  const file = readNotebook(text);
  return printNotebook({ ...file, cells: change(file.cells) });
};
const withValue =
  (index: number, value: string) =>
  (cells: readonly NotebookCell[]): readonly NotebookCell[] =>
    cells.map((cell, i) => (i === index ? { ...cell, value } : cell));

/** Files that a reader which prints anew would change somewhere. */
const HOSTILE: Readonly<Record<string, string>> = {
  'an ordinary file': FILE,
  'Windows line ends': FILE.replaceAll('\n', '\r\n'),
  'line ends of both kinds': FILE.replace('\n\nAnd', '\r\n\r\nAnd').replace('take 5\n', 'take 5\r\n'),
  'a mark of the byte order': `\uFEFF${FILE}`,
  'a mark of the byte order inside': `a\n\uFEFFb\n\`\`\`kql\n\uFEFFT\n\`\`\`\n`,
  'no line break at the end': '# A\n```kql\nT\n```',
  'a fence that is never closed': 'A\n\n```kql\nT\n| take 1',
  'a fence opened on the last line': 'A\n```kql',
  'an empty fence': '```kql\n```\n',
  'a fence of a blank line': '```kql\n\n```\n',
  'fences without anything between': '```kql\nA\n```\n```kql\nB\n```\n',
  'a tab before the fence, none in it': '\t```kql\nT\n\t| take 1\n\t```\n',
  'a longer fence around a fence': '````kql\n```\nT\n````\n',
  'other languages': '```powershell\nGet-Item\n```\n\n```kql-x\nT\n```\n~~~\nplain\n~~~\n',
  'blank lines everywhere': '\n\n  \n# A\n\n\n\n```kql\nT\n```\n \n\t\n\n',
  nothing: '',
  'blank lines alone': '\n  \n\n',
  'front matter alone': '---\nscope: all\n---\n',
  'front matter that is none': '---\nscope: all\n',
  'a rule at the top': '---\n\ntext\n',
  'front matter in other marks': '---\r\nscope: all\r\n...\r\ntext',
  'blanks at the ends of lines': 'two  \nlines \t\n\n```kql   \nT   \n```  \n',
  'a carriage return of its own': 'old\rMac\n```kql\nA\rB\n```\n',
  'no character of text': '\u0000\u0007\u2028\u2029\n```kql\n\u2028\n```\n',
};

describe('a Markdown file as a notebook', () => {
  test('has its front matter, its queries and the text between them as cells', () => {
    assert.deepEqual(kinds(FILE), [
      'frontMatter: title: Sign-ins\nscope: group:gold',
      'text: # Sign-ins\n\nWho came in.',
      'query: // @name signIns\nSigninLogs | take 5',
      'text: And then:',
      'query: signIns\n| count',
      'text: The end.',
    ]);
  });

  for (const [name, text] of Object.entries(HOSTILE))
    test(`is the same, byte for byte, when it is saved: ${name}`, () => {
      assert.equal(printNotebook(readNotebook(text)), text);
    });

  test('is the same when every file is put behind every other one', () => {
    for (const first of Object.values(HOSTILE))
      for (const second of Object.values(HOSTILE)) {
        const text = first + second;
        assert.equal(printNotebook(readNotebook(text)), text);
      }
  });

  test('is the same when an editor has made its line ends its own', () => {
    for (const text of Object.values(HOSTILE)) {
      const file = readNotebook(text);
      const cells = file.cells.map((cell) => ({ ...cell, value: cell.value.replaceAll('\n', '\r\n') }));
      assert.equal(printNotebook({ ...file, cells }), text);
    }
  });

  test('changes only the lines of the cell that was changed', () => {
    const text = FILE.replaceAll('\n', '\r\n');
    assert.equal(edited(text, withValue(4, 'signIns\n| take 1')), text.replace('| count', '| take 1'));
    assert.equal(
      edited(text, withValue(0, 'scope: all')),
      text.replace('title: Sign-ins\r\nscope: group:gold', 'scope: all'),
    );
    assert.equal(
      edited(text, withValue(1, '# A\n\nB')),
      text.replace('# Sign-ins\r\n\r\nWho came in.', '# A\r\n\r\nB'),
    );
  });

  test('keeps a query inside its fence, whatever is typed into it', () => {
    for (const [index, value] of [
      [0, 'T\n```\n# gone'],
      [0, '````\n```'],
      [0, ''],
    ] as const) {
      const changed = edited('```kql\nT\n```\n\nText\n', withValue(index, value));
      assert.deepEqual(kinds(changed), [`query: ${value}`, 'text: Text'], changed);
    }
    assert.deepEqual(kinds(edited('```kql\n```', withValue(0, 'T'))), ['query: T']);
    assert.deepEqual(kinds(edited('```kql', withValue(0, 'T'))), ['query: T']);
  });

  test('closes a fence that text leaves open, where a cell follows that it would take in', () => {
    for (const eol of ['\n', '\r\n']) {
      const file = '# A\n\n```kql\nT\n```\n\ntext  \n\n```kql\nU\n```\n'.replaceAll('\n', eol);
      for (const [typed, closing] of [
        ['see:\n```\nhalf', '\n```'],
        ['see:\n  ~~~~python\n  ```\n', '  ~~~~'],
        ['```kusto-x', '\n```'],
        ['---\n```', '\n```'],
      ] as const) {
        const saved = edited(file, withValue(2, typed));
        assert.equal(saved, file.replace('text', (typed + closing).replaceAll('\n', eol)));
        assert.equal(kinds(saved).at(-1), 'query: U');
      }
    }
    const fresh: NotebookCell[] = [
      { kind: 'text', value: '```\nA' },
      { kind: 'query', value: 'T' },
      { kind: 'text', value: '```\nlast' },
    ];
    assert.equal(
      printNotebook({ cells: fresh, eol: '\n', bom: '' }),
      '```\nA\n```\n\n```kql\nT\n```\n\n```\nlast\n',
      'the last one takes nothing in, and stays as it was typed',
    );
    assert.deepEqual(
      kinds(edited('```kql\nT\n```\n\n```\nopen', ([query, open]) => [open!, query!])),
      ['text: ```\nopen\n```', 'query: T'],
      'nor does one that was moved up from the end',
    );
  });

  test('takes new cells, and those that were moved, with a blank line between', () => {
    const fresh: NotebookCell[] = [
      { kind: 'text', value: 'New' },
      { kind: 'query', value: 'A\n```\nB' },
    ];
    const text = '# A\n```kql\nT\n```\nEnd';
    assert.equal(
      edited(text, (cells) => [...cells, ...fresh]),
      `${text}\n\nNew\n\n\`\`\`\`kql\nA\n\`\`\`\nB\n\`\`\`\`\n`,
    );
    assert.equal(
      edited(text, ([a, query, end]) => [end!, query!, a!]),
      'End\n\n```kql\nT\n```\n\n# A\n',
    );
    assert.equal(
      edited('Text\n\n```kql\nT', ([a, query]) => [query!, a!]),
      '```kql\nT\n```\n\nText\n\n',
    );
    assert.equal(
      edited('A\n', (cells) => [...cells, { kind: 'frontMatter', value: 'scope: all' }]),
      '---\nscope: all\n---\n\nA\n',
    );
  });
});
