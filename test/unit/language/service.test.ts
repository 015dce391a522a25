import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { LocalSignal } from '../../../src/base/rpc.ts';
import type { CodeAction, CompletionKind, TextChange } from '../../../src/kql/language/face.ts';
import { TOKEN_TYPES } from '../../../src/kql/language/face.ts';
import { LocalLanguageService } from '../../../src/kql/language/service.ts';

const service = new LocalLanguageService();
const schemaId = 'scope';
/** The text without its `^`, and where that stood. */
const cursor = (marked: string): { text: string; offset: number; schemaId: string } => ({
  text: marked.replace('^', ''),
  offset: marked.indexOf('^'),
  schemaId,
});
const apply = (text: string, changes: readonly TextChange[]): string =>
  [...changes]
    .sort((a, b) => b.start - a.start)
    .reduce((made, c) => made.slice(0, c.start) + c.newText + made.slice(c.end), text);
const labels = async (marked: string): Promise<string[]> =>
  (await service.completion(cursor(marked))).items.map((item) => item.label);

before(async () => {
  await service.warm({});
  await service.setSchema({
    schemaId,
    workspaces: 50,
    tables: [
      {
        name: 'Heartbeat',
        have: 50,
        of: 50,
        description: 'Records of agents.',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'Computer', type: 'string' },
          { name: 'OSType', type: 'string', have: 30 },
        ],
      },
      {
        name: 'App_CL',
        have: 41,
        of: 50,
        columns: [
          { name: 'Level_long', type: 'long', splitFrom: 'Level', have: 30 },
          { name: 'Level_string', type: 'string', splitFrom: 'Level', have: 11 },
        ],
        notes: ['Level differs.'],
        who: { they: 'lack', names: ['law-a', 'law-b'], count: 9 },
        plans: [
          { plan: 'Analytics', have: 40 },
          { plan: 'Basic', have: 1 },
        ],
        retentionDays: [30, 90],
      },
    ],
    functions: [
      {
        name: 'Silent',
        parameters: 'age:timespan',
        body: 'Heartbeat | where TimeGenerated < ago(age)',
        description: 'Silent sources',
        have: 2,
        of: 50,
      },
    ],
  });
});

describe('completion', () => {
  test('tables, with in how many workspaces they are', async () => {
    const { items, range } = await service.completion(cursor('App^'));
    assert.deepEqual(range, { start: 0, end: 3 });
    assert.equal(items.find((item) => item.label === 'App_CL')?.detail, 'in 41 of 50');
    assert.equal(items.find((item) => item.label === 'Heartbeat')?.detail, undefined);
    assert.ok(!items.some((item) => item.label === 'cluster'), 'what Azure Monitor does not have is not offered');
  });

  test('columns of the table, the attribution columns, types and presence', async () => {
    const { items } = await service.completion(cursor('Heartbeat | where ^'));
    const detail = (name: string): string | undefined => items.find((item) => item.label === name)?.detail;
    assert.deepEqual(['Computer', 'OSType', '_Customer', '_Tenant', '_Workspace'].map(detail), [
      'string',
      'string, in 30 of 50',
      'string',
      'string',
      'string',
    ]);
    const { items: app } = await service.completion(cursor('App_CL | where ^'));
    assert.equal(app.find((item) => item.label === 'Level')?.detail, 'long | string');
    assert.ok(!app.some((item) => item.label === 'Level_long'), 'a workspace does not know the united name');
  });

  test('functions become calls with the cursor between the brackets', async () => {
    const strcat = (await service.completion(cursor('Heartbeat | extend x = strc^'))).items.find(
      (item) => item.label === 'strcat',
    );
    assert.deepEqual(
      [strcat?.kind, strcat?.insertText, strcat?.snippet, strcat?.retrigger],
      ['function', 'strcat($0)', true, true],
    );
  });

  test('goes by the block: other queries of the document do not matter', async () => {
    assert.ok((await labels('let n = 5;\r\n\r\nHeartbeat\r\n| take ^\r\n\r\nApp_CL | where (')).includes('n'));
    assert.ok(!(await labels('let n = 5;\nHeartbeat\n\nHeartbeat | take ^')).includes('n'));
    assert.ok((await labels('Heartbeat | where (\n\n\nHeart^')).includes('Heartbeat'));
    assert.ok((await labels('^')).includes('App_CL'));
  });

  test('in a scope line: kinds, then names', async () => {
    await service.setScopeNames({ names: { customer: ['Contoso', 'Fabrikam Ltd'] } });
    assert.deepEqual(await labels('// @scope ^\nHeartbeat'), [
      'group:',
      'customer:',
      'tenant:',
      'workspace:',
      'tag:',
      'region:',
      'all',
      'except',
    ]);
    assert.deepEqual(await labels('// @scope all except customer:F^'), ['customer:Contoso', 'customer:"Fabrikam Ltd"']);
    assert.deepEqual(await labels('// @s^'), ['@scope', '@source']);
  });

  test('in a source line: what can be asked; below it the tables and columns of Resource Graph, whatever the scope', async () => {
    assert.deepEqual(await labels('// @source ^\nresources'), ['resource-graph', 'lake', 'workspaces']);
    const graph = '// @source resource-graph\n';
    assert.ok((await labels(`${graph}sec^`)).includes('securityresources'));
    const columns = await labels(`${graph}resources | project ^`);
    for (const name of ['subscriptionId', 'properties', '_Customer', '_Subscription'])
      assert.ok(columns.includes(name));
    assert.ok(!columns.includes('_Workspace'));
    assert.ok(
      !(await labels(`${graph}resources | take 1\n\n^`)).includes('securityresources'),
      'the next query is another',
    );
  });

  test('never throws: every offset of broken texts', async () => {
    for (const text of [
      'Heartbeat | where (',
      '```',
      '"',
      'let f = (',
      '| | |',
      '🚀 東京\r\n',
      '// @scope "',
      'T\n\n\n',
      '#x\n\n.show',
    ]) {
      for (let offset = -1; offset <= text.length + 1; offset++) {
        await service.completion({ text, offset, schemaId });
        await service.hover({ text, offset, schemaId });
        await service.signatureHelp({ text, offset, schemaId });
        await service.rename({ text, offset, schemaId, newName: 'x' });
        await service.codeActions({ text, schemaId, range: { start: offset, end: offset } });
      }
    }
  });
});

describe('hover and signatures', () => {
  test('a table: its columns, which workspaces have it, plan and retention', async () => {
    assert.deepEqual(await service.hover(cursor('App_^CL | take 5')), {
      range: { start: 0, end: 6 },
      code: 'App_CL: table(Level: long | string)',
      notes: [
        'In 41 of 50 workspaces of the scope, not in law-a, law-b and 7 more.',
        '1 column.',
        'Plan: Analytics in 40, Basic in 1.',
        'Kept 30 to 90 days by the setting of the workspace; a table may have its own.',
        'Level differs.',
      ],
    });
    assert.deepEqual((await service.hover(cursor('Heart^beat')))?.notes, [
      'In all 50 workspaces of the scope.',
      '3 columns.',
      'Records of agents.',
    ]);
    assert.equal(await service.hover(cursor('Heartbeat  ^  | take 5')), undefined);
  });

  test('a column: type, table, where it is, what differs', async () => {
    assert.deepEqual(
      (await service.hover(cursor('Heartbeat | join (App_CL) on _Workspace | where OS^Type == ""')))?.notes,
      ['Column of Heartbeat.', 'In 30 of the 50 workspaces that have Heartbeat.'],
    );
    const level = await service.hover(cursor('App_CL | project Le^vel'));
    assert.equal(level?.code, 'Level: long | string');
    assert.match(level?.notes[1] ?? '', /long in 30, string in 11.*Level_long and Level_string/);
    assert.match(
      (await service.hover(cursor('Heartbeat | where _Cust^omer == "x"')))?.notes[0] ?? '',
      /Added by Tenantscope/,
    );
    assert.equal((await service.hover(cursor('let n = 5h; print ^n')))?.code, 'n: timespan = 5h');
    assert.match(
      (await service.hover(cursor('// @scope all exc^ept customer:x')))?.notes[0] ?? '',
      /all except customer:x/,
    );
  });

  test('a word of the language: what it does, where more is said, and what the local engine refuses', async () => {
    const at = async (marked: string): Promise<unknown> => {
      const found = await service.hover(cursor(marked));
      return (
        found && [
          found.code,
          marked.replace('^', '').slice(found.range.start, found.range.end),
          found.link?.replace(/.*\//, ''),
          found.notes.length,
        ]
      );
    };
    assert.deepEqual(await at('Heartbeat | sum^marize count() by Computer'), [
      'summarize',
      'summarize',
      'summarize-operator',
      1,
    ]);
    assert.deepEqual(await at('Heartbeat | order^ by Computer'), ['order', 'order', 'sort-operator', 1]);
    assert.deepEqual(await at('print st^rlen("x")'), ['strlen(string): long', 'strlen', 'strlen-function', 1]);
    assert.deepEqual(await at('Heartbeat | summarize coun^t()'), [
      'count(): long',
      'count',
      'count-aggregation-function',
      1,
    ]);
    assert.deepEqual(await at('Heartbeat | cou^nt'), ['count', 'count', 'count-operator', 1]);
    assert.deepEqual(await at('Heartbeat | where Computer !ha^s "x"'), ['!has', '!has', 'not-has-operator', 1]);
    assert.deepEqual(await at('Heartbeat | where Computer in^ ("x")'), ['in', 'in', 'in-cs-operator', 1]);
    assert.deepEqual(await at('l^et x = 1; print x'), ['let', 'let', 'let-statement', 1]);
    assert.match(
      (await service.hover(cursor('Heartbeat | evaluate pyt^hon(typeof(*), "")')))?.notes[1] ?? '',
      /^The local engine refuses it/,
    );
    assert.equal((await service.hover(cursor('let twice = (x:long) { x * 2 }; print tw^ice(1)')))?.link, undefined);
  });

  test('the same beside an item of completion and in the help for a call', async () => {
    const about = (marked: string, kind: CompletionKind, name: string) =>
      service.describe({ ...cursor(marked), kind, name });
    assert.match((await about('Heartbeat | ^', 'keyword', 'summarize'))?.notes[0] ?? '', /^One row per group/);
    assert.match((await about('Heartbeat | ^', 'keyword', 'summarize'))?.link ?? '', /summarize-operator$/);
    assert.deepEqual((await about('Heartbeat | where ^', 'column', 'OSType'))?.notes, [
      'Column of Heartbeat.',
      'In 30 of the 50 workspaces that have Heartbeat.',
    ]);
    assert.match((await about('^', 'table', 'App_CL'))?.notes[0] ?? '', /^In 41 of 50/);
    assert.deepEqual(await about('^', 'storedFunction', 'Silent'), { notes: ['Silent sources'] });
    assert.equal(await about('^', 'table', 'Nowhere'), undefined);
    assert.match(
      (await service.signatureHelp(cursor('print strcat(^)')))?.signatures[0]?.about?.link ?? '',
      /strcat-function$/,
    );
    assert.equal((await service.signatureHelp(cursor('Silent(^)')))?.signatures[0]?.about, undefined);
  });

  test('the parameter at the cursor, in calls that are not closed too', async () => {
    const at = async (marked: string): Promise<unknown> => {
      const help = await service.signatureHelp(cursor(marked));
      return help && [help.signatures[help.activeSignature]?.label, help.activeParameter];
    };
    assert.deepEqual(await at('print iff(true, ^'), ['iff(if: bool, then, else)', 1]);
    assert.deepEqual(await at('print strcat("a,b", iff(true, 1, ^)'), ['iff(if: bool, then, else)', 2]);
    assert.deepEqual(await at('print strcat("a,b", iff(true, 1, 2), ^'), ['strcat(arg, ...)', 0]);
    assert.deepEqual(await at('Silent(^)'), ['Silent(age: timespan)', 0]);
    assert.equal(await at('print iff(true, 1, 2) ^'), undefined);
    assert.equal(await at('print ^(1)'), undefined);
  });
});

describe('diagnostics', () => {
  const of = async (text: string, id: string | null = schemaId): Promise<string[]> =>
    (await service.diagnostics({ text, ...(id === null ? {} : { schemaId: id }) })).map(
      (d) => `${d.severity} ${d.code} ${text.slice(d.start, d.end)}`,
    );

  test("Microsoft's text, code and place, in every block", async () => {
    assert.deepEqual(
      await of('Heartbeat | where Computr == "x"\r\n\r\n\r\nHeartbeat | where Computer =\r\n\r\nHeartbeat'),
      ['error KS142 Computr', 'error KS006 '],
    );
    const [d] = await service.diagnostics({ text: 'Heartbeat | where Computr == "x"', schemaId });
    assert.deepEqual(
      [d?.source, d?.message, d?.about],
      [
        'Kusto',
        "The name 'Computr' does not refer to any known column, table, variable or function.",
        { kind: 'unknownName', name: 'Computr' },
      ],
    );
  });

  test('a table that exists nowhere', async () => {
    const [d] = await service.diagnostics({ text: 'Hartbeat | take 5', schemaId });
    assert.match(
      d?.message ?? '',
      /^The name 'Hartbeat' does not refer.*\nNone of the 50 workspaces of the scope has a table named Hartbeat\.$/,
    );
    assert.deepEqual(d?.about, { kind: 'unknownTable', name: 'Hartbeat' });
  });

  test('tables and columns that only some workspaces have, types that differ: information, once', async () => {
    assert.deepEqual(await of('App_CL | where Level == 3 and Level != 4'), [
      'information table.someWorkspaces App_CL',
      'information column.typeDiffers Level',
    ]);
    assert.deepEqual(await of('Heartbeat | where OSType == "Linux" | project OSType'), [
      'information column.someWorkspaces OSType',
    ]);
  });

  test('without a schema only syntax is judged; a partial one only warns', async () => {
    assert.deepEqual(await of('Nope | where Foo == 1', null), []);
    assert.deepEqual(await of('Nope | where Foo == 1', 'never set'), []);
    assert.ok((await of('Nope | where (', null)).every((d) => d.startsWith('error KS0')));
    assert.ok((await of('Nope | where (', null)).length > 0);
    await service.setSchema({ schemaId: 'partial', tables: [], functions: [], partial: true });
    assert.deepEqual(await of('Nope | take 1', 'partial'), ['warning KS204 Nope']);
  });

  test('malformed scope lines, parts cut off by blank lines, commands', async () => {
    assert.deepEqual(await of('// @scope team:x\nHeartbeat\n// @scope all'), [
      'error scope.malformed team',
      'warning scope.second // @scope all',
    ]);
    assert.deepEqual(await of('// @scope all\nHeartbeat\n\n// @scope team:x\nHeartbeat\n\n// @scope all'), [
      'error scope.malformed team',
      'warning scope.noQuery // @scope all',
    ]);
    assert.deepEqual(await of('Heartbeat\n\n| take 5'), ['error block.startsWithPipe |']);
    assert.deepEqual(await of('.show tables'), ['error block.command .show']);
  });

  test('a query that nobody gets through is told at its place, with a schema and without', async () => {
    const deep = `Heartbeat\n\nprint ${'('.repeat(400)}1${')'.repeat(400)}`;
    const place = deep.indexOf('(') + 300;
    for (const schemaId of [null, undefined]) {
      assert.deepEqual(await of(deep, schemaId), ['error query.tooComplex (']);
      const [told] = await service.diagnostics({ text: deep });
      assert.deepEqual(
        [told?.start, told?.message.slice(0, 48)],
        [place, 'The query has more than 300 brackets inside one '],
      );
    }
  });

  test('each query is judged with the schema of its own scope', async () => {
    await service.setSchema({ schemaId: 'one', tables: [{ name: 'OnlyHere', columns: [] }], functions: [] });
    await service.setSchema({ schemaId: 'other', tables: [{ name: 'OnlyThere', columns: [] }], functions: [] });
    const text = 'OnlyHere | take 1\n\nOnlyThere | take 1\n\nOnlyThere | take 2';
    const second = text.indexOf('OnlyThere');
    const parts = [{ start: second, end: second + 18, schemaId: 'other' }];
    const told = await service.diagnostics({ text, schemaId: 'one', parts });
    assert.deepEqual(
      told.map(({ start, code }) => [start, code]),
      [[text.lastIndexOf('OnlyThere'), 'KS204']],
    );
    const unknown = await service.diagnostics({ text, schemaId: 'one', parts: [{ start: second, end: second + 18 }] });
    assert.equal(unknown.length, 1, 'a scope whose schema is not there yet is judged by syntax');
  });

  test('updates of the schema count at once', async () => {
    await service.setSchema({
      schemaId: 'live',
      tables: [
        { name: 'T', columns: [] },
        { name: 'U', columns: [] },
      ],
      functions: [],
    });
    assert.deepEqual(await of('V | take 1', 'live'), ['warning KS204 V']);
    await service.setSchema({
      schemaId: 'live',
      tables: [
        { name: 'T', columns: [] },
        { name: 'V', columns: [] },
      ],
      functions: [],
    });
    assert.deepEqual(
      [await of('V', 'live'), await of('T', 'live'), await of('U | take 1', 'live')],
      [[], [], ['warning KS204 U']],
    );
    await service.dropSchema({ schemaId: 'live' });
    assert.deepEqual(await of('U', 'live'), []);
  });

  test('a cancelled request says so', async () => {
    const signal = new LocalSignal();
    signal.abort();
    await assert.rejects(service.diagnostics({ text: 'T' }, signal), { code: 'cancelled.byUser' });
  });
});

describe('format', () => {
  test('one stage a line, line breaks kept, other blocks untouched', async () => {
    const text =
      '// é 東京\r\nHeartbeat|where Computer=="x" and TimeGenerated>ago(1h)|take 5|project Computer\r\n\r\n\r\nHeartbeat   |   take 5\r\n';
    assert.equal(
      apply(text, await service.format({ text })),
      '// é 東京\r\nHeartbeat\r\n| where Computer == "x" and TimeGenerated > ago(1h)\r\n| take 5\r\n| project Computer\r\n\r\n\r\nHeartbeat | take 5\r\n',
    );
    const last = text.lastIndexOf('Heartbeat');
    assert.ok(
      apply(text, await service.format({ text, range: { start: last, end: last } })).startsWith(text.slice(0, last)),
    );
  });

  test('a block with a syntax error is left alone; formatting twice changes nothing', async () => {
    assert.deepEqual(await service.format({ text: 'Heartbeat|where (\n\n' }), []);
    const text =
      'let f=(a:long,b:string="x"){Heartbeat|where Computer==b|take a};\nf(1)|summarize count(),dcount(Computer) by bin(TimeGenerated,1h)|render timechart with (title="x")';
    const once = apply(text, await service.format({ text }));
    assert.notEqual(once, text);
    assert.deepEqual(await service.format({ text: once }), []);
  });
});

describe('names', () => {
  const text =
    'let n = 5;\nlet f = (a:long) { Heartbeat | take a };\nf(n) | extend Len = strlen(Computer) | where Len > n | project Len, Computer';

  test('definition and references of let, parameter, function, column', async () => {
    const decl = async (marked: string): Promise<string | undefined> => {
      const found = await service.definition(cursor(marked));
      return found?.kind === 'text' ? `${found.range.start}` : found?.text;
    };
    assert.equal(await decl(text.replace('> n', '> ^n')), '4');
    assert.equal(await decl(text.replace('take a', 'take ^a')), String(text.indexOf('a:long')));
    assert.match(
      (await decl('Sil^ent(1h)')) ?? '',
      /^\/\/ Silent sources\nlet Silent = \(age:timespan\) \{\nHeartbeat/,
    );
    assert.equal((await service.references({ text, offset: text.indexOf('Len'), schemaId })).length, 3);
  });

  test('rename changes every place, in its own block only', async () => {
    const doc = `${text}\n\nlet n = 1; print n`;
    const answer = await service.rename({ text: doc, offset: doc.indexOf('> n') + 2, schemaId, newName: 'limit_1' });
    assert.equal(
      answer.ok && apply(doc, answer.changes),
      doc.replace('let n = 5', 'let limit_1 = 5').replace('f(n)', 'f(limit_1)').replace('> n', '> limit_1'),
    );
    const column = await service.rename({ text, offset: text.indexOf('Len'), schemaId, newName: 'Length' });
    assert.equal(column.ok && apply(text, column.changes), text.replaceAll('Len', 'Length'));
  });

  test('a rename that would change the meaning is refused', async () => {
    const refused = async (marked: string, newName: string): Promise<string> => {
      const answer = await service.rename({ ...cursor(marked), newName });
      return answer.ok ? 'done' : answer.reason;
    };
    assert.match(await refused(text.replace('extend Len', 'extend ^Len'), 'Computer'), /change what this query means/);
    assert.match(await refused('let ^n = 1; let m = 2; print n + m', 'm'), /change what this query means/);
    assert.match(await refused('let ^n = 1; print n', '1x'), /cannot be a name/);
    assert.match(await refused('Heart^beat | take 1', 'x'), /Only names that this query declares/);
  });
});

describe('code actions', () => {
  const fix = async (marked: string, title: RegExp): Promise<string | undefined> => {
    const { text, offset } = cursor(marked);
    const action = (await service.codeActions({ text, schemaId, range: { start: offset, end: offset } })).find(
      (a: CodeAction) => title.test(a.title),
    );
    return action && apply(text, action.changes);
  };
  test('slips are put right, pipes joined, missing columns tolerated', async () => {
    assert.equal(await fix('Hart^beat | take 5', /Heartbeat/), 'Heartbeat | take 5');
    assert.equal(await fix('Heartbeat | where Com^uter == ""', /Computer/), 'Heartbeat | where Computer == ""');
    assert.equal(await fix('Heartbeat\r\n| take 9\r\n\r\n^| take 5', /Join/), 'Heartbeat\r\n| take 9\r\n| take 5');
    assert.equal(
      await fix('Heartbeat | where OS^Type == "x"', /without OSType/),
      'Heartbeat | where column_ifexists("OSType", "") == "x"',
    );
  });
  test('a union over a table that some workspaces lack is made fuzzy; where no other table answers that is not offered', async () => {
    const offered = /without App_CL answer with the other tables/;
    assert.equal(
      await fix('union Heartbeat, App^_CL | count', offered),
      'union isfuzzy=true Heartbeat, App_CL | count',
    );
    assert.equal(
      await fix('// all\nHeartbeat\n| union kind=inner (App^_CL | take 5)', offered),
      '// all\nHeartbeat\n| union isfuzzy=true kind=inner (App_CL | take 5)',
    );
    for (const text of [
      'App^_CL | take 5',
      'union App^_CL',
      'union (App^_CL | project Level, _Workspace)',
      'union isfuzzy=true Heartbeat, App^_CL',
      'App^_CL | union Heartbeat',
      'Heartbeat | join (App^_CL) on _Workspace',
    ])
      assert.equal(await fix(text, offered), undefined, text);
  });
  test("Microsoft's own: deprecated functions, extraction", async () => {
    assert.equal(
      await fix('Heartbeat | summarize make^list(Computer)', /make_list/),
      'Heartbeat | summarize make_list(Computer)',
    );
    const text = 'Heartbeat | where strlen(Computer) > 5';
    const actions = await service.codeActions({ text, schemaId, range: { start: 18, end: 34 } });
    assert.ok(actions.some((a) => a.kind === 'refactor.extract' && a.renameAt !== undefined));
  });
});

test('folding: queries, brackets, comments, multi-line strings', async () => {
  const text = '// a\n// b\n// c\n\nHeartbeat\n| join (\n  App_CL\n  | take 5\n) on _Workspace\n\nprint ```\nx\n```';
  assert.deepEqual(await service.folding({ text }), [
    { startLine: 0, endLine: 2, kind: 'comment' },
    { startLine: 4, endLine: 8 },
    { startLine: 5, endLine: 7 },
    { startLine: 10, endLine: 12 },
  ]);
});

test('semantic tokens: one per line, deltas, types of the legend', async () => {
  const text = 'Heartbeat\r\n| where Computer has "x" // 東京\r\n\r\nprint ```a\nb```';
  const { data } = await service.semanticTokens({ text, schemaId });
  const lines = text.split(/\r?\n/);
  const found: string[] = [];
  for (let i = 0, line = 0, character = 0; i < data.length; i += 5) {
    line += data[i]!;
    character = data[i] ? data[i + 1]! : character + data[i + 1]!;
    found.push(`${TOKEN_TYPES[data[i + 3]!]} ${lines[line]!.slice(character, character + data[i + 2]!)}`);
  }
  assert.deepEqual(found, [
    'class Heartbeat',
    'keyword where',
    'property Computer',
    'operator has',
    'string "x"',
    'comment // 東京',
    'keyword print',
    'string ```a',
    'string b```',
  ]);
});

test('a file of 10,000 lines: blocks at once, one block at a time', async () => {
  const text = Array.from(
    { length: 2_500 },
    (_, i) => `// query ${i}\nHeartbeat | where Computer has "${i}"\n| take ${i}\n`,
  ).join('\n');
  assert.equal((await service.blocks({ text })).length, 2_500);
  const offset = text.indexOf('| take 1250') + 2;
  assert.ok((await service.completion({ text, offset, schemaId })).items.some((item) => item.label === 'take'));
  assert.equal((await service.folding({ text })).length, 2_500);
  const signal = new LocalSignal();
  const running = service.diagnostics({ text, schemaId }, signal);
  setImmediate(() => {
    signal.abort();
  });
  await assert.rejects(running, { code: 'cancelled.byUser' });
});

describe('queries that ask for values', () => {
  const problems = async (text: string): Promise<string[]> =>
    (await service.diagnostics({ text, schemaId })).map(({ message }) => message);

  test('a parameter of the front comment is a name like any other, of its type, in its own query', async () => {
    assert.deepEqual(await problems('// @param days:int = 7\nHeartbeat | where TimeGenerated > ago(days * 1d)'), []);
    assert.match((await problems('// @param days:string\nHeartbeat | where TimeGenerated > ago(days * 1d)'))[0]!, /./);
    assert.match((await problems('// @param days:int\nHeartbeat\n\n\nHeartbeat | take days'))[0]!, /days/);
    assert.ok((await labels('// @param manyDays:int\nHeartbeat | where ^')).includes('manyDays'));
  });

  test('comments that declare parameters go on to the query below them, other comments do not', async () => {
    const texts = async (text: string): Promise<string[]> => (await service.blocks({ text })).map((one) => one.text);
    assert.deepEqual(await texts('// @param d:int\n\nT | take d\n\nU'), ['// @param d:int\n\nT | take d', 'U']);
    assert.deepEqual(await texts('// only words\n\nT'), ['// only words', 'T']);
    assert.deepEqual(await texts('T\n\n// @param d:int'), ['T', '// @param d:int']);
  });

  test('the queries of a file of another form', async () => {
    const { queries } = await service.queries({
      path: 'a/rule.yaml',
      text: 'name: Mine\nqueryPeriod: 1d\nquery: T | take 1\n',
    });
    assert.deepEqual(
      queries.map(({ name, text, time }) => [name, text, time]),
      [['Mine', 'T | take 1', { kind: 'last', minutes: 1_440 }]],
    );
  });
});
