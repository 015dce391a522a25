import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { LocalLanguageService } from '../../../src/kql/language/service.ts';

const service = new LocalLanguageService();
const schemaId = 'scope';
before(() =>
  service.setSchema({
    schemaId,
    functions: [],
    tables: [
      {
        name: 'Heartbeat',
        columns: [
          { name: 'Version', type: 'long' },
          { name: 'Computer', type: 'string' },
        ],
      },
    ],
  }),
);

/** `^` is where the cursor stands; `~` is the name in every place that must change, in both texts. */
const RENAMES: readonly (readonly [what: string, text: string])[] = [
  ['a value, over the blank line after it', 'let ^~ = 5;\n\nHeartbeat | take ~'],
  [
    'a value, from its use, with lets between; the next query has nothing to do with it',
    'let ~ = 5;\n\nlet m = ~;\n\nHeartbeat | take ^~\n\nHeartbeat | take n',
  ],
  ['with Windows line ends', 'let ~ = 5;\r\n\r\nHeartbeat\r\n| take ^~'],
  ['a value that a parameter hides', 'let ~ = 1; let f = (n:long) { n + 1 }; print f(^~)'],
  ['a parameter that hides a value', 'let n = 1; let f = (^~:long) { ~ + 1 }; print f(n)'],
  ['a function', 'let ~ = (a:long) { a + 1 }; print ^~(1), ~(2)'],
  ['a table on both sides of a join', 'let ~ = Heartbeat;\n^~ | join kind=inner (~ | extend q = 1) on Computer'],
  ['a view', 'let ~ = view () { Heartbeat }; union ^~ | take 1'],
  ['what as names', 'Heartbeat | as ^~ | union ~'],
  ['a column through the pipeline', 'Heartbeat | extend ^~ = Version | where ~ > 1 | summarize b = max(~) by ~'],
  ['a column of summarize', 'Heartbeat | summarize ^~ = count() by Computer | order by ~'],
  ['a column that parse makes', 'Heartbeat | parse Computer with "n" ^~:string | where ~ == "n"'],
  ['a column of scan, assigned and read', 'Heartbeat | scan declare (^~:long=0) with (step s: true => ~ = s.~ + 1;)'],
  ['a parameter of the query', 'declare query_parameters(^~:long = 5); print ~'],
  ['not what is in texts and comments', 'let ^~ = 5; // n\nprint ~, "n", s = \'n\''],
];

describe('rename and references', () => {
  for (const [what, template] of RENAMES) {
    test(what, async () => {
      const marked = template.replaceAll('~', 'n');
      const at = { text: marked.replace('^', ''), offset: marked.indexOf('^'), schemaId };
      const answer = await service.rename({ ...at, newName: 'renamed' });
      assert.ok(answer.ok, answer.ok ? '' : answer.reason);
      const made = [...answer.changes]
        .sort((a, b) => b.start - a.start)
        .reduce((text, c) => text.slice(0, c.start) + c.newText + text.slice(c.end), at.text);
      assert.equal(made, template.replaceAll('~', 'renamed').replace('^', ''));
      const references = await service.references(at);
      assert.equal(references.length, answer.changes.length);
      assert.equal(references.filter((one) => one.declaration).length, 1);
    });
  }

  test('what would change the meaning is refused', async () => {
    for (const [marked, newName] of [
      ['Heartbeat | extend a = Version | summarize max(^a)', 'b'],
      ['let n = 5; Heartbeat | extend m = n | take ^n', 'm'],
    ] as const) {
      const answer = await service.rename({
        text: marked.replace('^', ''),
        offset: marked.indexOf('^'),
        schemaId,
        newName,
      });
      assert.equal(answer.ok, false, marked);
    }
  });
});
