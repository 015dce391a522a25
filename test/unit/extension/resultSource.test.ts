import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toResultSchema } from '../../../src/extension/editor/toResultSchema.ts';
import { resultStatus } from '../../../src/extension/scope/resultStatus.ts';
import { findResultSource, namedRuns, resultProblem } from '../../../src/extension/session/resultSource.ts';
import { LocalLanguageService } from '../../../src/kql/language/service.ts';
import { findResultLines, printResultQuery } from '../../../src/kql/resultLine.ts';
import type { RunId } from '../../../src/model/ids.ts';
import type { Run } from '../../../src/model/run.ts';

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const RUN = {
  id: ID,
  query: '// Silent machines\nHeartbeat | summarize n = count() by Computer',
  rowCount: 7,
  columns: [
    { name: 'Computer', type: 'string', presentIn: 2 },
    { name: 'n', type: 'long', presentIn: 2 },
  ],
  completeness: { sentence: '1 of 2 workspaces answered, 1 no access' },
} as unknown as Run;
const book = (knowsHistory = true) => ({ knowsHistory, find: (id: RunId) => (id === RUN.id ? RUN : undefined) });
const DOCUMENT = printResultQuery({ id: ID, title: 'Silent machines' });

/** The words of a line as the text has them. */
function told(text: string) {
  const [line] = findResultLines(text);
  return line && { line: text.slice(line.start, line.end), run: line.run && text.slice(line.run.start, line.run.end) };
}

test('a document that asks a result begins with the line that names its run', () => {
  assert.equal(DOCUMENT, `// @result ${ID}  Silent machines\n\nResults\n| take 100`);
  assert.deepEqual(told(DOCUMENT), { line: `// @result ${ID}  Silent machines`, run: ID });
  assert.equal(printResultQuery({ id: ID, title: 'a\r\nb\u2028c' }).split('\n')[0], `// @result ${ID}  a b c`);
});

test('the line is found above all queries, whatever comments, blanks and line ends are around it', () => {
  for (const before of ['', '\uFEFF', '\n\n', '// My notes\r\n\r\n', '  // @scope all\n'])
    assert.equal(told(`${before}//@Result ${ID}\r\nResults`)?.run, ID, JSON.stringify(before));
  assert.equal(told(`Results | take 1\n\n// @result ${ID}\nResults`), undefined, 'below a query it is a comment');
  assert.equal(told(`print '// @result ${ID}'`), undefined);
  assert.equal(told(`// @results ${ID}\nResults`), undefined);
  assert.equal(told(''), undefined);
});

test('a line names a run by its id alone: anything else names none', () => {
  for (const rest of ['', '  ', ` ../../etc`, ` ${'a'.repeat(65)}`, ' a"b', ' a/b'])
    assert.deepEqual(findResultLines(`// @result${rest}\nResults`)[0]?.run, undefined, rest);
});

test('several lines are several tables, each under the name it gives them', () => {
  const text = `// @result ${ID} as Inventory  of today\n// notes\n// @result other AS signIns\nInventory | join signIns on x`;
  const names = findResultLines(text).map(({ run, name }) => [run?.text, name.text, text.slice(name.start, name.end)]);
  assert.deepEqual(names, [
    [ID, 'Inventory', 'Inventory'],
    ['other', 'signIns', 'signIns'],
  ]);
  for (const rest of ['as', 'as 1st', 'as-is', 'as a-b', 'nights as x'])
    assert.equal(findResultLines(`// @result ${ID} ${rest}`)[0]?.name.text, 'Results', rest);
  assert.equal(findResultLines(printResultQuery({ id: ID, title: 'as Of today' }))[0]?.name.text, 'Results');
});

test('two results of one name are said at the second, and their tables are known to the editor by their names', () => {
  const text = `// @result ${ID} as A\n// @result ${ID} as A\nA`;
  const problem = resultProblem(text, book())!;
  assert.deepEqual([problem.start, text.slice(problem.start, problem.end)], [text.lastIndexOf('A\nA'), 'A']);
  assert.match(problem.message, /Two results are called A/);
  assert.equal(resultStatus(text, book())?.warning, true);
  const sound = text.replace('as A\nA', 'as B\nA');
  assert.deepEqual(
    namedRuns(findResultSource(sound, book())!)?.map(({ name }) => name),
    ['A', 'B'],
  );
  assert.equal(resultProblem(sound, book()), undefined);
  assert.equal(resultStatus(sound, book())?.result, 'Silent machines and 1 more');
});

test('whatever the line says, it means a run of this window or nothing, and that is said at its place', () => {
  assert.equal(findResultSource(DOCUMENT, book())?.[0].run, RUN);
  assert.equal(resultProblem(DOCUMENT, book()), undefined);
  const gone = DOCUMENT.replace(ID, 'another');
  assert.equal(resultProblem(gone, book(false)), undefined, 'nobody knows yet');
  const problem = resultProblem(gone, book())!;
  assert.deepEqual([gone.slice(problem.start, problem.end), /no longer kept/.test(problem.message)], ['another', true]);
  assert.match(resultProblem('// @result\nResults', book(false))!.message, /names no run/);
  assert.equal(resultProblem('Heartbeat', book()), undefined);
});

test('the status bar says whose result it is, what it lacks, and that nobody is asked', () => {
  assert.deepEqual(resultStatus(DOCUMENT, book()), {
    result: 'Silent machines',
    run: ID,
    detail: '7 rows. 1 of 2 workspaces answered, 1 no access. Nobody is sent anything.',
    warning: false,
  });
  const gone = DOCUMENT.replace(ID, 'another');
  assert.deepEqual(
    [resultStatus(gone, book(false)), resultStatus(gone, book())].map((one) => [one!.result, one!.warning]),
    [
      ['an earlier run', false],
      ['a run that is gone', true],
    ],
  );
  assert.equal(resultStatus('Heartbeat', book()), undefined);
});

test('the editor knows Results with exactly the columns of the result, and nothing of any workspace', async () => {
  const service = new LocalLanguageService();
  await service.setSchema(toResultSchema('r', [{ name: 'Results', run: RUN }]));
  const problems = async (query: string) => {
    const text = `// @result ${ID}  x\n\n${query}`;
    return (await service.diagnostics({ text, schemaId: 'r' })).map(({ severity, message, start, end }) => ({
      severity,
      message: message.split('\n').at(-1),
      at: text.slice(start, end),
    }));
  };
  assert.deepEqual(await problems('Results | where n > 1 | project Computer'), []);
  const [column] = await problems('Results | where _Customer == "Contoso"');
  assert.deepEqual([column?.severity, column?.at], ['error', '_Customer']);
  assert.deepEqual(await problems('Heartbeat | count'), [
    {
      severity: 'error',
      message: 'This query asks a result, whose rows are the table Results.',
      at: 'Heartbeat',
    },
  ]);
  const text = 'Results | where ';
  const { items } = await service.completion({ text, schemaId: 'r', offset: text.length });
  const columns = items.flatMap(({ kind, label }) => (kind === 'column' ? [label] : []));
  assert.deepEqual(columns.sort(), ['Computer', 'n']);
  const hover = await service.hover({ text, schemaId: 'r', offset: 3 });
  assert.equal(hover?.code, 'Results: table(Computer: string, n: long)');
  assert.deepEqual(hover?.notes, [
    '2 columns.',
    '7 rows of the result of: Silent machines. 1 of 2 workspaces answered, 1 no access.',
  ]);
});
