import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportAssessment } from '../../../src/app/assessmentExport.ts';
import { estateMarkdown } from '../../../src/report/markdown.ts';
import type { Assessment } from '../../../src/model/assessment/assessment.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { assessmentOf, called } from '../../harness/assessmentSample.ts';
import { DENIED, healthyCustomer, unknownFact, withOwn } from '../../harness/customerFacts.ts';

const NOTHING: Estate = {
  cloud: 'emulator',
  accounts: [],
  customers: [],
  tenants: [],
  workspaces: [],
  seenAt: '2026-11-28T09:00:00.000Z',
  problems: [],
};

/** What somebody could call a workspace, a machine or itself, to be more than a name. */
const NAMES = [
  '</style><script>alert(1)</script>',
  '--><!--<img src=x onerror=alert(1)>',
  ']]><svg onload=alert(1)>',
  '&lt;img src=x onerror=alert(1)&gt;',
  '[click](javascript:alert(1))',
  '![x](https://evil.test/x.png)',
  'https://evil.test www.evil.test ann@evil.test',
  'a | b\r\n| c |\r# Heading\n\n- item',
  '``` \r<img src=x>\r```',
  '${7*7}{{7*7}}<%= 7 %>#{7}',
  '\u001b]0;owned\u0007\u001b[31mred\u009b2J',
  '\u202egpj.exe\u2066 \u2028 \u0000',
  '=cmd|calc!A1',
  '"},{"ruleId":"x',
];

/** Every name in every place that a name can be in. */
function hostile(name: string): Assessment {
  const facts = withOwn(
    healthyCustomer(),
    { operations: { capDays: [name], rateLimited: 0 } },
    { name, region: name, subscriptionName: name },
  );
  const [own] = facts.own;
  const query = { kind: 'query', workspace: own!.workspace.key, query: name, timespan: 'P1D' } as const;
  const tables = {
    ...unknownFact<never>(),
    state: 'unknown' as const,
    error: { ...DENIED, message: name },
    source: query,
  };
  return assessmentOf([
    called(name, {
      ...facts,
      own: [{ ...own!, tables, operations: { ...own!.operations, source: query } }],
      tenants: facts.tenants.map((tenant) => ({ ...tenant, name })),
      customer: { ...facts.customer, declared: { ...facts.customer.declared, contact: name } },
    }),
  ]);
}

const write = (assessment: Assessment, format: 'html' | 'md' | 'json' | 'sarif'): Promise<string> =>
  exportAssessment(assessment, NOTHING, { format, version: '1.2.3' });
/** Characters that steer a terminal, or the order of what is read. Line breaks and tabs do not. */
const STEERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

for (const name of NAMES)
  describe(`a thing called ${JSON.stringify(name)}`, () => {
    it('is text in HTML', async () => {
      const html = await write(hostile(name), 'html');
      // As long a name, with as many words: a label wraps, and what is cut short has its whole in a title.
      const plain = await write(hostile(name.replace(/\S/g, 'p')), 'html');
      const elements = (text: string): number => text.match(/<[a-z!/]/gi)!.length;
      assert.equal(elements(html), elements(plain));
      assert.doesNotMatch(html, STEERS);
    });

    it('is text in Markdown', async () => {
      const markdown = await write(hostile(name), 'md');
      assert.doesNotMatch(markdown, STEERS);
      assert.match(markdown, /law|Findings/);
      const lines = (text: string, pattern: RegExp): number =>
        text.split('\n').filter((line) => pattern.test(line)).length;
      const plain = estateMarkdown(hostile('plain'));
      for (const block of [/^#/, /^\|/, /^- /, /^<\w/])
        assert.equal(lines(markdown, block), lines(plain, block), String(block));
      // Outside of code, nothing that Markdown reads as a link, an image, an element or an entity.
      const prose = markdown.replace(/^ *(`{3,})\n[^]*?\n *\1$/gm, '');
      assert.doesNotMatch(prose, /(?<!\\)[<[]|(?<!\\)&\w|\w:\/\/|www\.|\w@\w/);
    });

    for (const format of ['json', 'sarif'] as const)
      it(`is text in ${format}`, async () => {
        const text = await write(hostile(name), format);
        assert.doesNotMatch(text, STEERS);
        assert.ok(JSON.stringify(JSON.parse(text)).includes(JSON.stringify(name).slice(1, -1)), 'and is whole');
      });
  });
