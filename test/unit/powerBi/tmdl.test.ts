import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { powerBiProject } from '../../../src/core/powerBi/project.ts';
import { printTmdl } from '../../../src/core/powerBi/tmdl.ts';
import type { TmdlObject } from '../../../src/core/powerBi/tmdl.ts';
import { readTmdl, unquoted } from './readTmdl.ts';
import { BEATS, CUSTOMERS, HOSTILE, LOAD, SIGN_INS, SOURCES } from './rollups.ts';

/** The objects of all TMDL files of a project; each file is printed again as it was. */
function modelOf(source: (typeof SOURCES)[number], customers: readonly string[] = []): TmdlObject[] {
  const rollups = [SIGN_INS, BEATS, HOSTILE, ...(source.kind === 'lake' ? [] : [LOAD])];
  const { files } = powerBiProject({ name: 'Centre', source, rollups, customers });
  const found: TmdlObject[] = [];
  const refs: string[] = [];
  for (const [path, text] of files) {
    if (!path.endsWith('.tmdl')) continue;
    const read = readTmdl(text);
    found.push(...read.objects);
    refs.push(...read.refs);
    const again = printTmdl(read.objects);
    assert.equal(read.refs.length > 0 ? text.slice(0, again.length) : text, again, path);
  }
  const named = found.filter(({ kind }) => kind === 'table' || kind === 'role').map(({ name }) => name);
  assert.deepEqual(new Set(refs), new Set(named), 'the model refers to each table and role');
  return found;
}

const of = (objects: readonly TmdlObject[] | undefined, kind: string): TmdlObject[] =>
  (objects ?? []).filter((object) => object.kind === kind);
const valueOf = ({ properties = [] }: TmdlObject, name: string): unknown =>
  properties.find(([property]) => property === name)?.[1];

describe('the semantic model', () => {
  for (const source of SOURCES)
    it(`over ${source.kind} is TMDL, whatever roll-ups, columns and customers are called`, () => {
      const model = modelOf(source, CUSTOMERS);
      const tables = new Map(of(model, 'table').map((table) => [table.name!, table]));
      for (const table of tables.values()) {
        const names = table.children!.filter(({ kind }) => kind !== 'partition').map(({ name }) => name!.toLowerCase());
        assert.equal(new Set(names).size, names.length, `${table.name!}: no name twice, whatever its case`);
        assert.equal(of(table.children, 'partition').length, 1);
      }
      const measures = [...tables.values()].flatMap(({ children }) => of(children, 'measure'));
      assert.equal(new Set(measures.map(({ name }) => name!.toLowerCase())).size, measures.length);
      for (const relationship of of(model, 'relationship'))
        for (const end of ['fromColumn', 'toColumn']) {
          const { reference } = valueOf(relationship, end) as { reference: string };
          const [, table, column] = /^('(?:[^']|'')+'|\w+)\.('(?:[^']|'')+'|\w+)$/u.exec(reference)!;
          const columns = of(tables.get(unquoted(table!))?.children, 'column');
          assert.ok(
            columns.some(({ name }) => name === unquoted(column!)),
            reference,
          );
        }
    });

  it('has the columns of a roll-up by their types, and none that is one value or one for each row', () => {
    const [signIns] = of(modelOf(SOURCES[1]!), 'table');
    const columns = of(signIns!.children, 'column').map(
      (column) => `${column.name!} ${String(valueOf(column, 'dataType'))}`,
    );
    assert.deepEqual(columns, [
      '_Customer string',
      '_Tenant string',
      '_Workspace string',
      '_WindowStart dateTime',
      '_WindowEnd dateTime',
      'TimeGenerated dateTime',
      'User string',
      'Took double',
      'Cost double',
      'Properties string',
      'Day dateTime',
    ]);
  });

  it('adds up what a summary adds up, and nothing else: a count of groups is no count of rows', () => {
    const tables = of(modelOf(SOURCES[1]!), 'table');
    const measures = (name: string): string[] =>
      of(tables.find((table) => table.name === name)!.children, 'measure').map(
        (one) => `${one.name!} = ${one.expression!}`,
      );
    assert.deepEqual(measures('Beats'), [
      "Beats: total Beats = SUM('Beats'[Beats])",
      "Beats: rows = COUNTROWS('Beats')",
      "Beats: greatest Last = MAX('Beats'[Last])",
      "Beats: until = MAX('Beats'[_WindowEnd])",
    ]);
    assert.deepEqual(measures('Load'), ["Load: rows = COUNTROWS('Load')", "Load: until = MAX('Load'[Hour])"]);
  });

  it('a role sees its customer; groups of several customers, and who else may see, it sees nothing of', () => {
    const roles = of(modelOf(SOURCES[1]!, ['Contoso', `O'Brien "& Co" ]`, 'a\nb']), 'role');
    const rules = (name: string): Record<string, string> =>
      Object.fromEntries(
        roles.find((role) => role.name === name)!.children!.map((rule) => [rule.name!, rule.expression!]),
      );
    assert.deepEqual(rules('Contoso'), {
      Customers: `'Customers'[Customer] = "Contoso"`,
      Access: 'FALSE()',
      Load: 'FALSE()',
    });
    assert.equal(rules(`O'Brien "& Co" ]`)['Customers'], `'Customers'[Customer] = "O'Brien ""& Co"" ]"`);
    assert.equal(rules('a b')['Customers'], `'Customers'[Customer] = "a" & UNICHAR(10) & "b"`);
    assert.deepEqual(rules('Customer by sign-in'), {
      Customers: `CONTAINS('Access', 'Access'[User], USERPRINCIPALNAME(), 'Access'[Customer], 'Customers'[Customer])`,
      Access: `'Access'[User] = USERPRINCIPALNAME()`,
      Load: 'FALSE()',
    });
  });

  it('a roll-up that is called as something of the project gets another name', () => {
    const rollups = ['Customers', 'ask', 'Days', 'Calendar'].map((name) => ({
      ...BEATS,
      table: { ...BEATS.table, name },
    }));
    const { files } = powerBiProject({ name: 'x', source: SOURCES[1]!, rollups, customers: [] });
    const named = [...files]
      .filter(([path]) => path.endsWith('.tmdl'))
      .flatMap(([, text]) => readTmdl(text).objects)
      .filter(({ kind }) => kind === 'table' || kind === 'expression')
      .map(({ name }) => name!.toLowerCase());
    assert.equal(new Set(named).size, named.length);
    assert.ok(named.includes('customers_1') && named.includes('ask_1'));
  });

  it('of a summary that counts whose rows they are, which its parts do not tell, it has the answer', () => {
    const rollup = { ...BEATS, merges: new Map([['Foreign', 'sum'] as const]) };
    const { files, notes } = powerBiProject({ name: 'x', source: SOURCES[1]!, rollups: [rollup], customers: [] });
    assert.match(files.get('x.SemanticModel/definition/tables/Beats.tmdl')!, /let part1 = \(Beats_Rows/);
    assert.deepEqual(notes, [], 'its groups name their customer');
  });

  it('names no customer that nobody named', () => {
    const { files } = powerBiProject({ name: 'Centre', source: SOURCES[1]!, rollups: [BEATS], customers: [] });
    assert.deepEqual(
      [...files.keys()].filter((path) => path.includes('/roles/')),
      ['Centre.SemanticModel/definition/roles/Customer_by_sign-in.tmdl'],
    );
  });
});

describe('the reader of TMDL that judges it', () => {
  const wrong: readonly [string, string][] = [
    ['a space where a tab is meant', 'table T\n    column C\n\t\tdataType: string'],
    ['a property nobody has', 'table T\n\tcolour: red'],
    ['a name with a space', 'table T U'],
    ['a quote that is not doubled', "table 'T'U'"],
    ['a column outside a table', 'column C'],
    ['an expression that stands where properties do', 'table T\n\tmeasure M =\n\t\tSUM(1)'],
    ['a measure of nothing', 'table T\n\tmeasure M'],
    ['a text that ends early', 'table T\n\tmeasure M = 1\n\t\tformatString: "a"b"'],
  ];
  for (const [what, text] of wrong) it(`refuses ${what}`, () => assert.throws(() => readTmdl(text)));
});
