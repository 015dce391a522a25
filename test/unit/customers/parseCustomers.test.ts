import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CustomersSource } from '../../../src/core/customers/customersSource.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001',
  B = 'bbbbbbbb-0000-4000-8000-000000000002';
const read = (text: string) => parseCustomers(text, 'customers.json');
const problems = (text: string): string[] =>
  read(text).problems.map((problem) => `${problem.line}: ${problem.message}`);

test('a whole file', () => {
  const { customers, problems: none } = read(`{
    "$schema": "./customers.schema.json",
    "customers": [
      {"name": "Contoso Ltd", "tenants": ["${A.toUpperCase()}", "Contoso.onmicrosoft.com"], "groups": ["gold"], "tags": {"tier": "1"}, "declared": {"retentionDays": 365, "regions": ["West Europe"]}},
      {"name": "Äpfel & Birnen", "key": "ab"}
    ],
    "groups": {"EU": ["ab", "contoso ltd"]}
  }`);
  assert.deepEqual(none, []);
  assert.deepEqual(customers, [
    {
      key: 'contoso-ltd',
      name: 'Contoso Ltd',
      tenants: [A, 'contoso.onmicrosoft.com'],
      groups: ['gold', 'EU'],
      tags: { tier: '1' },
      declared: { retentionDays: 365, regions: ['westeurope'] },
      line: 4,
    },
    { key: 'ab', name: 'Äpfel & Birnen', tenants: [], groups: ['EU'], tags: {}, line: 5 },
  ]);
});

test('a wrong entry is named with its line and left out; the rest works', () => {
  const file = read(`{"customers": [
    {"name": "One"},
    {"key": "nameless"},
    "Two",
    {"name": "Three", "tenants": ["not a tenant", "${B}"], "declared": {"retentionDays": "long"}, "colour": "red"}
  ]}`);
  assert.deepEqual(
    file.customers.map((customer) => [customer.name, customer.tenants]),
    [
      ['One', []],
      ['Three', [B]],
    ],
  );
  assert.deepEqual(
    file.problems.map((problem) => problem.line),
    [3, 4, 5, 5, 5],
  );
});

test('broken JSON inside one entry costs that entry alone', () => {
  const file = read('{"customers": [\n{"name": "One"},\n{"name": "Two", "tags": {"a": }},\n{"name": "Three"}\n]}');
  assert.deepEqual(
    file.customers.map((customer) => customer.name),
    ['One', 'Three'],
  );
  assert.deepEqual(file.problems, [
    { file: 'customers.json', line: 3, message: 'A value is expected here, not "}".', unreadable: true },
  ]);
});

test('trouble that cannot be stepped over keeps nothing of a list that never ends, and says where', () => {
  assert.deepEqual(problems('{"customers": [\n{"name": "One"}\n{"name": "Two"}\n]}'), [
    '3: A comma or "]" is expected here, not "{".',
  ]);
  assert.deepEqual(problems('{"customers": [{"name": "One"},]}'), ['1: JSON has no comma before "]".']);
  assert.deepEqual(problems('// mine\n{"customers": []}'), ['1: JSON has no comments.']);
  assert.deepEqual(problems(''), ['1: The file ends where a value is expected.']);
  assert.deepEqual(problems('[]'), ['1: A customers file is an object: {"customers": [...]}.']);
});

test('what is no JSON is said in words, wherever it stands', () => {
  const said = (text: string): string => problems(text).join('\n');
  assert.equal(said('{"customers": [{"name": "One", }]}'), '1: JSON has no comma before "}".');
  assert.equal(said('{"customers": [{"name": "One" "key": "o"}]}'), '1: A comma or "}" is expected here, not """.');
  assert.equal(
    said('{"customers": [{"name": One}]}'),
    '1: "One" is not a JSON value; text needs double quotation marks.',
  );
  assert.equal(said('{"customers": [{"name": "One\n"}]}'), '1: This text is not closed on its line.');
  assert.equal(said('{"customers": [{name: "One"}]}'), '1: A name in double quotation marks is expected here.');
  assert.equal(said('{"customers": []}\nmore'), '2: Nothing may follow the end of the JSON, found "m".');
  assert.equal(said('{"customers": [{"name": "One"}'), '1: The file ends before "]".');
  assert.equal(
    said('{"customers": [{"name": "On\\e"}]}'),
    '1: This text holds a control character or an escape that JSON does not know.',
  );
  assert.deepEqual(read('\uFEFF{"customers": [{"name": "One"}]}').problems, []);
});

test('the same tenant or key twice is a mistake that names the other line', () => {
  assert.deepEqual(
    problems(
      `{"customers": [\n{"name": "One", "tenants": ["${A}"]},\n{"name": "ONE"},\n{"name": "Two", "tenants": ["${A}"]}]}`,
    ),
    [
      '3: The customer key "one" is already used on line 2. Give one of them another "key".',
      `4: The tenant "${A}" already belongs to One (line 2).`,
    ],
  );
});

test('a group may only name customers of the file', () => {
  assert.deepEqual(problems('{"customers": [{"name": "One"}],\n"groups": {"gold": ["one",\n"nobody"]}}'), [
    '3: Group "gold" names the customer "nobody", which this file does not have.',
  ]);
});

test("the repository's file goes over the personal one, by key and by tenant", async () => {
  const place = (name: string, text: string | undefined) => ({
    name,
    file: { read: () => Promise.resolve(text), write: () => Promise.resolve() },
  });
  const { customers, problems: all } = await new CustomersSource([
    place(
      'personal',
      `{"customers": [{"name": "Contoso", "groups": ["mine"]}, {"name": "Old name", "tenants": ["${A}", "${B}"]}, 7]}`,
    ),
    place('repository', `{"customers": [{"name": "Contoso", "tenants": ["${A}"]}]}`),
    place('absent', undefined),
  ]).load();
  assert.deepEqual(
    customers.map((customer) => [customer.name, customer.tenants, customer.groups]),
    [
      ['Old name', [B], []],
      ['Contoso', [A], []],
    ],
  );
  assert.deepEqual(
    all.map((problem) => problem.file),
    ['personal'],
  );
});

test('a file that cannot be read is a problem, not an end', async () => {
  const broken = {
    name: 'personal',
    file: { read: () => Promise.reject(new Error('EACCES')), write: () => Promise.resolve() },
  };
  const { customers, problems: all } = await new CustomersSource([broken]).load();
  assert.deepEqual(customers, []);
  assert.match(all[0]!.message, /cannot be read/);
});

test('tags that differ in case are one tag, and one given twice is a problem', () => {
  const text = `{"customers": [
    {"name": "Contoso", "tenants": ["${A}"], "tags": {"Env": "prod",
      "env": "test"}}
  ]}`;
  assert.deepEqual(problems(text), ['3: The tag "env" is there twice: tags that differ in case are one tag.']);
  assert.deepEqual(read(text).customers[0]?.tags, { Env: 'prod' });
});

const SHARED = (rules: string): string =>
  `{"customers": [{"name": "Contoso"}, {"name": "Coho Winery", "key": "coho"}], "shared": [{"workspace": "central", "rules": [\n${rules}\n]}]}`;

test('a shared workspace, with a rule of every kind', () => {
  const file = read(
    SHARED(`{"customer": "contoso", "computer": ".Contoso.com"},
      {"customer": "Coho Winery", "resource": "/subscriptions/${A.toUpperCase()}/resourceGroups/RG-Coho/"},
      {"customer": "coho", "subscription": "${B.toUpperCase()}"},
      {"customer": "coho", "tenant": "${B}"},
      {"customer": "coho", "column": "Customer_s", "value": "COH"}`),
  );
  assert.deepEqual(file.problems, []);
  assert.deepEqual(file.shared, [
    {
      workspace: 'central',
      line: 1,
      rules: [
        { by: 'computer', value: 'contoso.com', customer: 'contoso', line: 2 },
        { by: 'resource', value: `/subscriptions/${A}/resourcegroups/rg-coho`, customer: 'coho', line: 3 },
        { by: 'subscription', value: B, customer: 'coho', line: 4 },
        { by: 'tenant', value: B, customer: 'coho', line: 5 },
        { by: 'column', column: 'Customer_s', value: 'COH', customer: 'coho', line: 6 },
      ],
    },
  ]);
});

test('a wrong rule is named with its line, and spoils its workspace: without it rows could be told to be another one’s', () => {
  for (const [rule, message] of [
    ['{"customer": "nobody", "computer": "contoso.com"}', 'There is no customer "nobody" in this file.'],
    ['{"computer": "contoso.com"}', 'This rule has no "customer".'],
    [
      '{"customer": "coho"}',
      'A rule has exactly one of computer, subscription, resource, tenant, and column with value.',
    ],
    [
      `{"customer": "coho", "tenant": "${A}", "subscription": "${A}"}`,
      'A rule has exactly one of computer, subscription, resource, tenant, and column with value.',
    ],
    ['{"customer": "coho", "column": "Customer_s"}', '"column" and "value" go together, and with nothing else.'],
    [
      '{"customer": "coho", "column": "tenantId", "value": "x"}',
      'TenantId is the ID of the workspace itself, the same in every row. Use another column.',
    ],
    [
      '{"customer": "coho", "computer": "10.0.0.1"}',
      '"10.0.0.1" is no domain: it is what stands behind the computer\'s own name, such as contoso.com.',
    ],
    ['{"customer": "coho", "resource": "rg-coho"}', '"rg-coho" is no resource ID; it begins with /subscriptions/.'],
    ['{"customer": "coho", "subscription": "coho"}', '"coho" is no ID of a subscription.'],
    [
      '{"customer": "coho", "computer": "coho.com", "domain": "x"}',
      '"domain" is not a field of a rule; use customer, column, resource, subscription, tenant, computer, value.',
    ],
  ]) {
    assert.deepEqual(problems(SHARED(rule!)), [`2: ${message}`], rule);
    assert.equal(read(SHARED(rule!)).shared![0]!.problem, 2, rule);
  }
});

test('a rule names one customer, and none has the name of nobody’s rows', () => {
  const two =
    '{"customers": [{"name": "Acme", "key": "eu"}, {"name": "ACME", "key": "us"}, {"name": "(Not attributed)"}],';
  const rule = (customer: string) =>
    `${two}\n"shared": [{"workspace": "central", "rules": [{"customer": "${customer}", "computer": "one.example"}]}]}`;
  const reserved = '1: "(not attributed)" is what rows that are nobody\'s go by. Call this customer otherwise.';
  assert.deepEqual(problems(rule('us')), [reserved]);
  assert.deepEqual(problems(rule('Acme')), [
    reserved,
    '2: Several customers are called "Acme"; name the one that is meant by its key.',
  ]);
});

test('two rules that give the same rows to two customers', () => {
  const text = SHARED(
    '{"customer": "contoso", "computer": "one.example"},\n{"customer": "coho", "computer": "ONE.example"}',
  );
  assert.deepEqual(problems(text), [
    "3: The rule of line 2 says that these rows are another customer's. Leave one of them.",
  ]);
});

test('what the stronger file says of a shared workspace replaces what the weaker one says', async () => {
  const place = (name: string, rules: string) => ({
    name,
    file: { read: async () => SHARED(rules), write: async () => undefined },
  });
  const source = new CustomersSource([
    place('personal', '{"customer": "contoso", "computer": "one.example"}'),
    place('repository', '{"customer": "coho", "computer": "one.example"}'),
  ]);
  const { shared } = await source.load();
  assert.deepEqual(
    shared!.map(({ rules }) => rules.map(({ customer }) => customer)),
    [['coho']],
  );
});
