import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import type { KqlSchema } from '../../../src/kql/schema.ts';
import type { KqlType } from '../../../src/model/kqlType.ts';
import { tokenize } from './textMate.ts';
import type { Grammar } from './textMate.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../syntaxes/${name}`, import.meta.url), 'utf8'));
const grammar = read('kusto.tmLanguage.json') as Grammar;

/** `text scope` of every token, scopes without `.kusto`, blanks trimmed, punctuation left out. */
const scopes = (text: string): string[] =>
  tokenize(grammar, text)
    .map((t) => ({ text: t.text.trim(), scope: t.scopes.at(-1)!.replace(/\.kusto$/, '') }))
    .filter((t) => t.text !== '' && !t.scope.startsWith('punctuation'))
    .map((t) => `${t.text} ${t.scope}`);

const CASES: readonly (readonly [text: string, ...scopes: string[]])[] = [
  ['// a NOTE', '// punctuation', 'a comment.line.double-slash', 'NOTE keyword.codetag'],
  [
    '// @scope group:gold except customer:"A B" all',
    '@scope keyword.control.directive.scope',
    'group support.type.scope-kind',
    'gold string.unquoted.scope',
    'except keyword.operator.except.scope',
    'customer support.type.scope-kind',
    '"A B" string.unquoted.scope',
    'all constant.language.scope',
  ],
  ['// @scopes x', '@scopes x comment.line.double-slash'],
  ['Heartbeat', 'Heartbeat entity.name.type.table'],
  [
    'T | where x',
    'T entity.name.type.table',
    '| keyword.operator.pipe',
    'where keyword.control.query-operator',
    'x variable.other',
  ],
  ['| project-away a', '| keyword.operator.pipe', 'project-away keyword.control.query-operator', 'a variable.other'],
  [
    '| mv-expand bag to typeof(string)',
    '| keyword.operator.pipe',
    'mv-expand keyword.control.query-operator',
    'bag variable.other',
    'to keyword.other.clause',
    'typeof keyword.other.clause',
    'string storage.type',
  ],
  [
    '| render timechart',
    '| keyword.operator.pipe',
    'render keyword.control.query-operator',
    'timechart support.constant.chart',
  ],
  [
    '| evaluate bag_unpack(d)',
    '| keyword.operator.pipe',
    'evaluate keyword.control.query-operator',
    'bag_unpack support.function.plugin',
    'd variable.other',
  ],
  [
    '| join kind=leftanti (B) on $left.a == $right.b',
    '| keyword.operator.pipe',
    'join keyword.control.query-operator',
    'kind keyword.other.clause',
    '= keyword.operator.assignment',
    'leftanti support.constant.kind',
    'B variable.other',
    'on keyword.other.clause',
    '$left variable.language.join-side',
    'a variable.other',
    '== keyword.operator.comparison',
    '$right variable.language.join-side',
    'b variable.other',
  ],
  [
    'let n = 5;',
    'let keyword.declaration.let',
    'n variable.other.definition',
    '= keyword.operator.assignment',
    '5 constant.numeric.integer',
  ],
  [
    'let f = (a:long) { a };',
    'let keyword.declaration.let',
    'f entity.name.function',
    '= keyword.operator.assignment',
    'a variable.other',
    'long storage.type',
    'a variable.other',
  ],
  [
    'print 1h, 7d, 1.5m, 10ms, 0x1F, 3.14, 1e10, 42',
    'print keyword.control.query-operator',
    '1h constant.numeric.timespan',
    '7d constant.numeric.timespan',
    '1.5m constant.numeric.timespan',
    '10ms constant.numeric.timespan',
    '0x1F constant.numeric.hex',
    '3.14 constant.numeric.float',
    '1e10 constant.numeric.float',
    '42 constant.numeric.integer',
  ],
  [
    '| where t > datetime(2024-01-01 10:00)',
    '| keyword.operator.pipe',
    'where keyword.control.query-operator',
    't variable.other',
    '> keyword.operator.comparison',
    'datetime storage.type',
    '2024-01-01 10:00 constant.other.datetime',
  ],
  [
    '| where g == guid(74be27de-1e4e-49d9-b579-fe0b331d3642)',
    '| keyword.operator.pipe',
    'where keyword.control.query-operator',
    'g variable.other',
    '== keyword.operator.comparison',
    'guid storage.type',
    '74be27de-1e4e-49d9-b579-fe0b331d3642 constant.other.guid',
  ],
  [
    'print dynamic({"a": [1, null]})',
    'print keyword.control.query-operator',
    'dynamic storage.type',
    '"a" support.type.property-name',
    '1 constant.numeric',
    'null constant.language',
  ],
  [
    '| where a has "x\\n" and b !in~ ("y") or c matches regex @"\\d""q"',
    '| keyword.operator.pipe',
    'where keyword.control.query-operator',
    'a variable.other',
    'has keyword.operator.word',
    'x string.quoted.double',
    '\\n constant.character.escape',
    'and keyword.operator.word',
    'b variable.other',
    '!in~ keyword.operator.word',
    'y string.quoted.double',
    'or keyword.operator.word',
    'c variable.other',
    'matches regex keyword.operator.word',
    '@ storage.type.string.verbatim',
    '\\d string.quoted.double.verbatim',
    '"" constant.character.escape',
    'q string.quoted.double.verbatim',
  ],
  [
    "print h'secret', h@'s', ['odd name']",
    'print keyword.control.query-operator',
    'h storage.type.string.obfuscated',
    'secret string.quoted.single',
    'h@ storage.type.string.obfuscated',
    's string.quoted.single.verbatim',
    "'odd name' variable.other.quoted",
  ],
  [
    '| summarize count(), x=dcountif(a, b) by bin(t, 1h), _Customer',
    '| keyword.operator.pipe',
    'summarize keyword.control.query-operator',
    'count support.function.aggregate',
    'x variable.other',
    '= keyword.operator.assignment',
    'dcountif support.function.aggregate',
    'a variable.other',
    'b variable.other',
    'by keyword.other.clause',
    'bin support.function',
    't variable.other',
    '1h constant.numeric.timespan',
    '_Customer variable.language.attribution',
  ],
  [
    '| sort by a desc nulls last',
    '| keyword.operator.pipe',
    'sort keyword.control.query-operator',
    'by keyword.other.clause',
    'a variable.other',
    'desc keyword.other.clause',
    'nulls keyword.other.clause',
    'last keyword.other.clause',
  ],
  ['workspace("x").Perf', 'workspace support.function.source', 'x string.quoted.double', 'Perf variable.other'],
  [
    '| where t between (ago(1d)..now())',
    '| keyword.operator.pipe',
    'where keyword.control.query-operator',
    't variable.other',
    'between keyword.operator.word',
    'ago support.function',
    '1d constant.numeric.timespan',
    '.. keyword.operator.range',
    'now support.function',
  ],
];
for (const [text, ...expected] of CASES) {
  test(`grammar: ${text}`, () => {
    assert.deepEqual(
      scopes(text),
      expected.filter((entry) => !entry.endsWith(' punctuation')),
    );
  });
}

test('multi-line strings and what follows them', () => {
  assert.deepEqual(scopes('print ```a | where\n// b\n``` | take 5'), [
    'print keyword.control.query-operator',
    'a | where string.quoted.multiline',
    '// b string.quoted.multiline',
    '| keyword.operator.pipe',
    'take keyword.control.query-operator',
    '5 constant.numeric.integer',
  ]);
  assert.deepEqual(
    scopes('print "open\nT'),
    ['print keyword.control.query-operator', 'open string.quoted.double', 'T entity.name.type.table'],
    'an open string ends with its line',
  );
});

test('every include of the grammar exists and every rule has a name or parts', () => {
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const include = (value as { include?: string }).include;
    if (include) assert.ok(grammar.repository[include.slice(1)], include);
    Object.values(value).forEach(visit);
  };
  visit(grammar);
});

interface EnterRule {
  readonly beforeText: string;
  readonly afterText?: string;
  readonly previousLineText?: string;
  readonly action: { readonly appendText?: string };
}
const configuration = read('language-configuration.json') as {
  wordPattern: { pattern: string; flags: string };
  onEnterRules: EnterRule[];
};

test('words hold hyphenated operators, names of any script, timespans', () => {
  const words = (text: string): string[] =>
    text.match(new RegExp(configuration.wordPattern.pattern, `g${configuration.wordPattern.flags}`)) ?? [];
  assert.deepEqual(words('| mv-expand a-b project-away größe 1h $left.x _IsBillable project-awayed'), [
    'mv-expand',
    'a',
    'b',
    'project-away',
    'größe',
    '1h',
    '$left',
    'x',
    '_IsBillable',
    'project',
    'awayed',
  ]);
});

test("Enter goes on with a pipe after a stage, and not where the query is not at a stage's end", () => {
  const enter = (line: string, previous = ''): string => {
    const rule = configuration.onEnterRules.find(
      (r) =>
        new RegExp(r.beforeText).test(line) &&
        (!r.afterText || new RegExp(r.afterText).test('')) &&
        (!r.previousLineText || new RegExp(r.previousLineText).test(previous)),
    );
    return rule?.action.appendText ?? '';
  };
  assert.equal(enter('| where x > 1'), '| ');
  assert.equal(enter('Heartbeat', '// who'), '| ');
  for (const line of [
    '| render timechart',
    '| project a,',
    '| join (',
    '| take 5;',
    '// comment',
    '| where x // why',
    'let n = 5;',
    '| ',
    '| where x ==',
    '',
  ])
    assert.equal(enter(line), '', line);
  assert.equal(enter('Other', '| union'), '', 'an operand of a union is no new query');
});

/** Columns that the snippets use, as the public table reference has them. */
const TABLES: Readonly<Record<string, Readonly<Record<string, KqlType>>>> = {
  Heartbeat: { Computer: 'string' },
  Usage: { Quantity: 'real', DataType: 'string', IsBillable: 'bool' },
  Operation: { OperationCategory: 'string', Detail: 'string' },
  Event: { EventLevelName: 'string', RenderedDescription: 'string', Source: 'string', EventID: 'int' },
  Syslog: { SeverityLevel: 'string', Computer: 'string', ProcessName: 'string' },
  SigninLogs: { ResultType: 'string', ResultDescription: 'string', IPAddress: 'string', UserPrincipalName: 'string' },
  CommonSecurityLog: { SourceIP: 'string', DestinationIP: 'string', SourceUserName: 'string' },
  Perf: {
    ObjectName: 'string',
    CounterName: 'string',
    InstanceName: 'string',
    CounterValue: 'real',
    Computer: 'string',
  },
  AzureActivity: {
    OperationNameValue: 'string',
    ActivityStatusValue: 'string',
    Caller: 'string',
    ResourceGroup: 'string',
  },
  SecurityIncident: {
    Status: 'string',
    Severity: 'string',
    Title: 'string',
    CreatedTime: 'datetime',
    IncidentNumber: 'int',
  },
  SecurityEvent: {},
};
const schema: KqlSchema = {
  database: {
    name: 'ws',
    tables: Object.entries(TABLES).map(([name, columns]) => ({
      name,
      columns: Object.entries({
        TimeGenerated: 'datetime' as KqlType,
        _Customer: 'string' as KqlType,
        _Workspace: 'string' as KqlType,
        ...columns,
      }).map(([column, type]) => ({ name: column, type })),
    })),
  },
};
const snippets = read('snippets.json') as Record<string, { prefix: string[]; description: string; body: string[] }>;

for (const [name, snippet] of Object.entries(snippets)) {
  test(`snippet: ${name}`, () => {
    const text = snippet.body
      .join('\n')
      .replace(/\$\{\d+\|([^,|]+)[^}]*\|\}/g, '$1')
      .replace(/\$\{\d+:([^}]*)\}/g, '$1')
      .replace(/\$\d/g, '');
    assert.deepEqual(
      analyzeQuery(text, schema).errors.map((e) => `${e.code} ${e.message}`),
      [],
    );
    assert.ok(snippet.description.length > 10 && snippet.prefix.length > 0);
  });
}
test('snippets have prefixes of their own', () => {
  const prefixes = Object.values(snippets).flatMap((s) => s.prefix);
  assert.equal(new Set(prefixes).size, prefixes.length);
});
