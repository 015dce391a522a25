import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { nearest } from '../../../src/kql/language/nearest.ts';
import { LocalLanguageService } from '../../../src/kql/language/service.ts';

const service = new LocalLanguageService();
const schemaId = 'scope';
before(() =>
  service.setSchema({
    schemaId,
    workspaces: 50,
    functions: [],
    tables: [
      {
        name: 'Heartbeat',
        have: 50,
        of: 50,
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'Computer', type: 'string' },
          { name: 'Version', type: 'long' },
        ],
      },
      {
        name: 'Event',
        have: 3,
        of: 50,
        who: { they: 'have', names: ['law-a', 'law-b', 'law-c'], count: 3 },
        columns: [{ name: 'Computer', type: 'string' }],
      },
    ],
  }),
);
const diagnosed = async (text: string): Promise<string[]> =>
  (await service.diagnostics({ text, schemaId }))
    .filter((d) => d.severity !== 'hint')
    .map((d) => `${d.severity} ${d.code} ${text.slice(d.start, d.end)}`);

describe('repairs of what people often write', () => {
  const REPAIRS: readonly (readonly [wrong: string, title: string, right: string])[] = [
    ['Hartbeat | take 1', 'Change to Heartbeat', 'Heartbeat | take 1'],
    ['heartbeat | take 1', 'Change to Heartbeat', 'Heartbeat | take 1'],
    ['Heartbeat | where Compter == "x"', 'Change to Computer', 'Heartbeat | where Computer == "x"'],
    ['Heartbeat | summarize cont() by Computer', 'Change to count', 'Heartbeat | summarize count() by Computer'],
    ['Heartbeat | summarise count()', 'Change to summarize', 'Heartbeat | summarize count()'],
    ['Heartbeat | where Computer = "x"', 'Compare with ==', 'Heartbeat | where Computer == "x"'],
    [
      'Heartbeat | where Version = 1 and Computer == "x"',
      'Compare with ==',
      'Heartbeat | where Version == 1 and Computer == "x"',
    ],
    [
      'Heartbeat | where Version > 1 && Computer == "x"',
      'Change to and',
      'Heartbeat | where Version > 1 and Computer == "x"',
    ],
    [
      'Heartbeat | where Version > 1 || Computer == "x"',
      'Change to or',
      'Heartbeat | where Version > 1 or Computer == "x"',
    ],
    ['Heartbeat | where Computer !=~ "x"', 'Change to !~', 'Heartbeat | where Computer !~ "x"'],
    ['Heartbeat | where Computer not in ("x")', 'Change to !in', 'Heartbeat | where Computer !in ("x")'],
    ['Heartbeat | where Version == null', 'Ask with isnull(Version)', 'Heartbeat | where isnull(Version)'],
    ['Heartbeat | summarize count by Computer', 'Call count()', 'Heartbeat | summarize count() by Computer'],
    ['Heartbeat | where Computer contains "web"', "Change to 'has'", 'Heartbeat | where Computer has "web"'],
    [
      'Heartbeat | join kind=inner Event on $left.Computer = $right.Computer',
      'Compare with ==',
      'Heartbeat | join kind=inner Event on $left.Computer == $right.Computer',
    ],
  ];
  for (const [wrong, title, right] of REPAIRS) {
    test(wrong, async () => {
      const offered = (
        await Promise.all(
          (await service.diagnostics({ text: wrong, schemaId })).map(({ start, end }) =>
            service.codeActions({ text: wrong, schemaId, range: { start, end } }),
          ),
        )
      ).map((actions) => actions.filter((one) => one.title === title));
      const action = offered.find((actions) => actions.length > 0)?.[0];
      assert.ok(action);
      assert.ok(
        offered.every((actions) => actions.length <= 1),
        'offered once',
      );
      const [change] = action.changes;
      assert.equal(wrong.slice(0, change!.start) + change!.newText + wrong.slice(change!.end), right);
      assert.deepEqual(
        (await diagnosed(right)).filter((d) => d.startsWith('error')),
        [],
      );
    });
  }

  test('nothing is offered for what is right, nor the name itself', async () => {
    for (const text of ['Heartbeat | where Computer == "x"', 'Heartbeat | extend x = (Version == 1)', 'print x = 1']) {
      assert.deepEqual(
        (await service.codeActions({ text, schemaId, range: { start: 0, end: text.length } }))
          .filter((one) => one.kind === 'quickfix')
          .map((one) => one.title),
        [],
        text,
      );
    }
    assert.deepEqual(nearest('count', ['count', 'cont', 'counts']), ['counts', 'cont']);
  });
});

describe('what is told about names', () => {
  test('a table nobody has is a warning: the workspaces have the last word', async () => {
    assert.deepEqual(await diagnosed('Hartbeat | take 1'), ['warning KS204 Hartbeat']);
    assert.deepEqual(await diagnosed('Heartbeat | where Compter == "x"'), ['error KS142 Compter']);
  });

  test('a table that some lack says which', async () => {
    const [d] = await service.diagnostics({ text: 'Event | take 1', schemaId });
    assert.deepEqual(
      [d?.severity, d?.message],
      [
        'information',
        'Event is in 3 of 50 workspaces of the scope; all but law-a, law-b and law-c will say that they do not have it.',
      ],
    );
  });

  test('a pattern of union that means views of the query is no error, and errors behind it keep their place', async () => {
    const views = 'let v1 = view () { Heartbeat };\nlet v2 = view () { Heartbeat | extend More = 1 };\n';
    assert.deepEqual(await diagnosed(`${views}union v* | where Computer == "x" and More == 1`), []);
    assert.deepEqual(await diagnosed(`${views}union v* | where Computr == "x"`), ['error KS142 Computr']);
    assert.deepEqual(await diagnosed('union Nothing* | count'), ['error KS142 Nothing*']);
  });

  test('what the service takes and only the binder does not is no error', async () => {
    assert.deepEqual(await diagnosed('print make_timespan(1, 2, 3.5)'), []);
    assert.deepEqual(
      await diagnosed('Heartbeat | extend d = pack_all() | evaluate bag_unpack(d, columnsConflict="keep_source")'),
      [],
    );
    assert.deepEqual(await diagnosed('print make_timespan(1, nope)'), ['error KS142 nope']);
  });

  test('what only the local engine refuses is no error where a workspace answers', async () => {
    assert.deepEqual(await diagnosed('Heartbeat | evaluate autocluster()'), []);
  });
});
