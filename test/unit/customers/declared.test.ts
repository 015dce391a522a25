import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CUSTOMER_FIELDS, parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import { DECLARED_CHOICES, DECLARED_FIELDS } from '../../../src/core/customers/readDeclared.ts';
import { REQUIREMENTS } from '../../../src/model/assessment/declared.ts';
import { ROOT } from '../../../scripts/tools.mjs';

const read = (text: string) => parseCustomers(text, 'customers.json');
const said = (text: string): string[] => read(text).problems.map((problem) => `${problem.line}: ${problem.message}`);

describe('what a customers file declares', () => {
  it('is read in every field', () => {
    const { customers, problems } = read(`{"customers": [{"name": "Contoso", "provider": true, "declared": {
      "retentionDays": 365, "regions": ["West Europe", "westeurope", "northeurope"], "isolation": true, "billing": "customer",
      "access": "both", "daily": "summary", "sources": ["machines", "entra"], "domains": ["Corp.Contoso.com"],
      "confidentialQueries": false, "contact": " Ada <ada@contoso.com> "
    }}]}`);
    assert.deepEqual(problems, []);
    assert.equal(customers[0]!.provider, true);
    assert.deepEqual(customers[0]!.declared, {
      retentionDays: 365,
      regions: ['westeurope', 'northeurope'],
      isolation: true,
      billing: 'customer',
      access: 'both',
      daily: 'summary',
      sources: ['machines', 'entra'],
      domains: ['corp.contoso.com'],
      confidentialQueries: false,
      contact: 'Ada <ada@contoso.com>',
    });
  });

  it('is left out where it is wrong, each wrong value named with its line; the rest is kept', () => {
    const file = `{"customers": [{"name": "Contoso",
      "provider": "yes",
      "declared": {
      "retentionDays": 1.5,
      "regions": "westeurope",
      "isolation": "true",
      "billing": "nobody",
      "access": 7,
      "daily": "",
      "sources": ["machines",
        "mainframe"],
      "domains": ["not a domain"],
      "confidentialQueries": null,
      "contact": "",
      "colour": "red"
    }}]}`;
    assert.deepEqual(said(file), [
      '2: "provider" is true or false.',
      '4: "retentionDays" is a whole number of days.',
      '5: "regions" is a list of texts.',
      '6: "isolation" is true or false.',
      '7: "billing" is one of customer, provider, both.',
      '8: "access" is one of customer, provider, both.',
      '9: "daily" is one of nothing, summary, portion, raw.',
      '11: "mainframe" is no source; use machines, azure, entra, microsoft365, containers, applications, network.',
      '12: "not a domain" is no domain.',
      '13: "confidentialQueries" is true or false.',
      '14: "contact" is a text that is not empty.',
      `15: "colour" is not known in "declared"; use ${DECLARED_FIELDS.join(', ')}.`,
    ]);
    const [contoso] = read(file).customers;
    assert.deepEqual(contoso!.declared, { sources: ['machines'] });
    assert.equal('provider' in contoso!, false);
  });

  it('has to be an object', () => {
    assert.deepEqual(said('{"customers": [{"name": "Contoso", "declared": []}]}'), [
      `1: "declared" is an object; it may have ${DECLARED_FIELDS.join(', ')}.`,
    ]);
  });

  it('declares nothing by a list without anything', () => {
    const [contoso] = read(
      '{"customers": [{"name": "Contoso", "declared": {"regions": [], "sources": []}}]}',
    ).customers;
    assert.deepEqual(contoso!.declared, {});
  });
});

describe('the schema of the customers file', () => {
  interface Schema {
    readonly type?: string;
    readonly description?: string;
    readonly enum?: readonly string[];
    readonly enumDescriptions?: readonly string[];
    readonly items?: Schema;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly additionalProperties?: boolean;
  }
  const schema = JSON.parse(readFileSync(join(ROOT, 'media/customers.schema.json'), 'utf8')) as Schema;
  const customer = schema.properties!['customers']!.items!;
  const declared = customer.properties!['declared']!;

  it('has the fields that are read, and no others', () => {
    assert.deepEqual(Object.keys(customer.properties!), [...CUSTOMER_FIELDS]);
    assert.deepEqual(Object.keys(declared.properties!), [...DECLARED_FIELDS]);
    for (const object of [schema, customer, declared]) assert.equal(object.additionalProperties, false);
  });

  it('has the choices that are read, each explained', () => {
    const choices = Object.fromEntries(
      Object.entries(declared.properties!).flatMap(([name, field]) => {
        const closed = field.enum ? field : field.items;
        return closed?.enum ? [[name, closed.enum]] : [];
      }),
    );
    assert.deepEqual(choices, DECLARED_CHOICES);
    for (const name of Object.keys(choices)) {
      const field = declared.properties![name]!;
      const closed = field.enum ? field : field.items!;
      assert.equal(closed.enumDescriptions?.length, closed.enum!.length, name);
    }
  });

  it('describes every field', () => {
    for (const [name, field] of [...Object.entries(customer.properties!), ...Object.entries(declared.properties!)])
      assert.ok(field.description, name);
  });

  it('knows every requirement of a verdict', () => {
    for (const field of REQUIREMENTS) assert.ok(declared.properties![field], field);
  });

  it('takes a value of every type that the reader takes', () => {
    const samples: Record<string, unknown> = { boolean: true, integer: 30, string: 'x' };
    for (const [name, field] of Object.entries(declared.properties!)) {
      const one = (from: Schema): unknown =>
        from.enum?.[0] ?? (name === 'domains' ? 'contoso.com' : samples[from.type ?? '']);
      const value = field.type === 'array' ? [one(field.items!)] : one(field);
      const text = JSON.stringify({ customers: [{ name: 'Contoso', declared: { [name]: value } }] });
      assert.deepEqual(read(text).problems, [], name);
      assert.deepEqual(read(text).customers[0]!.declared, { [name]: value });
    }
  });

  it('is the one VS Code validates customers files by', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      contributes: { jsonValidation: { fileMatch: string[]; url: string }[] };
    };
    const [rule] = manifest.contributes.jsonValidation;
    assert.equal(rule!.url, './media/customers.schema.json');
    assert.ok(rule!.fileMatch.includes('**/.tenantscope/customers.json'));
  });
});
