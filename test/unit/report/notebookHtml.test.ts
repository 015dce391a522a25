import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { markdownHtml } from '../../../src/report/markdownHtml.ts';
import { notebookHtml } from '../../../src/report/toHtml.ts';
import { HOSTILE_TEXTS } from '../../fixtures/hostileTexts.ts';

/** Tags of a document, without those that are there for nothing hostile. */
const tagsOf = (html: string): string[] =>
  [...html.matchAll(/<\/?([a-z][\w-]*)/gi)].map(([, name]) => name!.toLowerCase());

describe('a notebook as one HTML file', () => {
  test('Markdown is drawn, its own markup is text, and no picture is fetched', () => {
    assert.equal(
      markdownHtml(
        '# A\n\n**b** <img src=x onerror=alert(1)> [c](javascript:alert(1)) ![d](https://evil.example/x.png)',
      ),
      '<h1>A</h1>\n<p><strong>b</strong> &lt;img src=x onerror=alert(1)&gt; [c](javascript:alert(1)) <a href="https://evil.example/x.png">picture: d</a></p>\n',
    );
    assert.match(markdownHtml('![d](data:image/png;base64,AAAA)'), /<img src="data:image\/png;base64,AAAA" alt="d"/);
    assert.doesNotMatch(markdownHtml('![d](data:image/svg+xml;base64,AAAA)'), /<img/);
  });

  test('nothing that others wrote becomes markup, wherever it stands', () => {
    const hostile = [...HOSTILE_TEXTS, '</style><script>alert(1)</script>', '"><svg onload=alert(1)>', "'><b>"];
    for (const bad of hostile) {
      const html = notebookHtml({
        title: bad,
        at: bad,
        cells: [
          { kind: 'text', html: markdownHtml(bad) },
          {
            kind: 'query',
            name: bad,
            query: bad,
            asked: bad,
            answer: {
              standing: 'incomplete',
              sentence: bad,
              notes: [bad],
              columns: [{ name: bad, isNumber: false }],
              rows: [[bad]],
              rowCount: 2,
              took: bad,
            },
          },
        ],
      });
      const foreign = tagsOf(html).filter((tag) =>
        ['script', 'img', 'svg', 'iframe', 'form', 'object', 'link'].includes(tag),
      );
      assert.deepEqual(foreign, [], bad);
      assert.doesNotMatch(html.replaceAll(/="[^"]*"/g, ''), /<[^<>]*\son\w+/i, bad);
      assert.doesNotMatch(html, /href="(?:javascript|data|vbscript):/i, bad);
      assert.equal(html.split('</style>').length, 2, bad);
    }
  });

  test('the number of rows is said once where all of them are there', () => {
    const answer = {
      standing: 'complete' as const,
      sentence: '1 of 1 workspace answered.',
      notes: [],
      columns: [{ name: 'n', isNumber: true }],
      rows: [['1'], ['2']],
      rowCount: 2,
      took: '2 rows in 1.8 s',
    };
    const html = notebookHtml({ title: 't', at: '', cells: [{ kind: 'query', query: 'T', asked: 'all', answer }] });
    assert.equal(html.split('2 rows').length, 2);
    assert.match(html, /\.rows\{width:fit-content;/, 'a narrow table has a narrow frame');
    assert.match(html, /\.told\.incomplete>:first-child::before/, 'the sign stands in the sentence it marks');
    assert.doesNotMatch(html, /overflow-wrap:anywhere/, 'no column is narrower than its words');
  });

  test('the policy lets nothing in, and a cut table says how many rows there are', () => {
    const html = notebookHtml({
      title: 't',
      at: '2024-01-01T00:00:00Z',
      cells: [
        {
          kind: 'query',
          query: 'T',
          asked: 'all',
          answer: {
            standing: 'complete',
            sentence: '2 of 2 workspaces answered.',
            notes: [],
            columns: [{ name: 'n', isNumber: true }],
            rows: [['1']],
            rowCount: 12_345,
            took: '',
          },
        },
      ],
    });
    assert.match(
      html,
      /Content-Security-Policy" content="default-src &#39;none&#39;; |Content-Security-Policy" content="default-src 'none'; /,
    );
    assert.match(html, /The first 1 of 12,345 rows\./);
    assert.ok(html.indexOf('2 of 2 workspaces answered.') < html.indexOf('<table>'), 'completeness comes first');
  });
});
