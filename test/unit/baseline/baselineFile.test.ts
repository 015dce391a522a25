import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PRICES } from '../../../src/core/assess/look/prices.ts';
import { baselineOf, layersOfNobody } from '../../../src/core/baseline/layers.ts';
import { parseBaseline } from '../../../src/core/baseline/parseBaseline.ts';
import { LAYER } from '../../../src/core/baseline/shapes.ts';
import type { Shape } from '../../../src/core/baseline/shapes.ts';
import { toCustomerKey, toTenantId } from '../../../src/model/ids.ts';
import { ROOT } from '../../../scripts/tools.mjs';

const problemsOf = (text: string) =>
  parseBaseline(text, 'baseline.json').problems.map(({ line, message }) => `${line}: ${message}`);
const customer = (name: string, ...groups: string[]) => ({ key: toCustomerKey(name.toLowerCase()), name, groups });
const parsed = (file: object) => {
  const { baseline, problems } = parseBaseline(JSON.stringify(file), 'baseline.json');
  assert.deepEqual(problems, []);
  return baseline;
};

describe('a baseline file', () => {
  it('names every mistake with its line, and keeps the rest', () => {
    const text = `{
  "provider": {
    "workspace": { "retentionDays": 20, "tags": { "owner": 5 } },
    "tables": { "Syslog": { "plan": "Cheap" }, "syslog": {}, "No Table": {} },
    "locks": { "keep": { "on": "workspace" } },
    "functions": { "F": { "query": [] } },
    "alarms": {}
  },
  "group": {},
  "customers": { "contoso": { "diagnosticSettings": { "a": { "on": "kettle", "categories": ["Audit"] } } } }
}`;
    assert.deepEqual(problemsOf(text), [
      '3: "retentionDays" is a whole number from 30 to 730.',
      '3: "owner" is a text of at most 256 characters.',
      '4: "plan" is one of Analytics, Basic, Auxiliary.',
      '4: The table "syslog" is there twice.',
      '4: "No Table" is not a name that a table can have.',
      '5: "keep" has no "level".',
      '6: "query" is KQL: a text, or a list of its lines.',
      '7: "alarms" is not known in "provider"; use architecture, main, workspace, tags, tables, functions, savedQueries, collectionRules, diagnosticSettings, actionGroups, alerts, delegations, locks.',
      '9: "group" is not known here; use "provider", "architectures", "groups" and "customers".',
      '10: "on" is workspace, subscription, entra or a type of resource such as Microsoft.KeyVault/vaults.',
    ]);
  });

  it('takes no name that would end or turn an address', () => {
    for (const name of ['..', 'a#b', 'a/b', 'a?b', '%2e%2e', '']) {
      const text = JSON.stringify({ provider: { locks: { [name]: { on: 'workspace', level: 'ReadOnly' } } } });
      assert.deepEqual(problemsOf(text), [`1: "${name}" is not a name that a lock can have.`]);
    }
  });

  it('says where it is no JSON', () => {
    assert.deepEqual(problemsOf('{\n  "provider": {},\n}'), ['3: JSON has no comma before "}".']);
    assert.deepEqual(problemsOf('[]'), [
      '1: A baseline is an object: {"provider": {...}, "groups": {...}, "customers": {...}}.',
    ]);
  });

  it('takes what an entry needs from a lower layer', () => {
    const lock = { level: 'CanNotDelete' };
    assert.deepEqual(
      problemsOf(
        JSON.stringify({
          provider: { locks: { keep: { ...lock, on: 'workspace' } } },
          customers: { a: { locks: { keep: lock } } },
        }),
      ),
      [],
    );
    assert.deepEqual(problemsOf(JSON.stringify({ customers: { a: { locks: { keep: lock } } } })), [
      '1: "keep" has no "on".',
    ]);
  });
});

describe('layers', () => {
  const file = parsed({
    provider: {
      workspace: { retentionDays: 90, dailyCapGb: 5, tags: { managedBy: 'us', stage: 'prod' } },
      tables: { Syslog: { retentionDays: 30, totalRetentionDays: 365 } },
      locks: { keep: { on: 'workspace', level: 'CanNotDelete' } },
    },
    groups: {
      gold: { workspace: { retentionDays: 180, dailyCapGb: 'none' } },
      eu: { workspace: { retentionDays: 365 }, tables: { syslog: { totalRetentionDays: 730 } } },
    },
    customers: { contoso: { workspace: { tags: { stage: null } }, locks: { keep: null } } },
  });

  it('of the provider, of groups in the order of the file, of the customer: the later one wins, field by field', () => {
    assert.deepEqual(baselineOf(file, customer('Fabrikam')).baseline.workspace, {
      retentionDays: 90,
      dailyCapGb: 5,
      tags: { managedBy: 'us', stage: 'prod' },
    });
    const { baseline, layers } = baselineOf(file, customer('Contoso', 'EU', 'Gold'));
    assert.deepEqual(layers, ['provider', 'group gold', 'group eu', 'customer contoso']);
    assert.deepEqual(baseline, {
      workspace: { retentionDays: 365, dailyCapGb: 'none', tags: { managedBy: 'us' } },
      tables: { Syslog: { retentionDays: 30, totalRetentionDays: 730 } },
      locks: {},
    });
  });

  it('of an architecture lie over the provider’s and under those of groups, for whom a layer says so', () => {
    const layered = parsed({
      provider: { architecture: 'distributed', workspace: { retentionDays: 90, dailyCapGb: 5 } },
      architectures: {
        distributed: { workspace: { dailyCapGb: 10, tags: { logs: 'own' } } },
        hybrid: { workspace: { retentionDays: 30, dailyCapGb: 2 } },
      },
      groups: { gold: { architecture: 'hybrid', workspace: { retentionDays: 60 } } },
      customers: { contoso: { architecture: 'central' } },
    });
    assert.deepEqual(baselineOf(layered, customer('Fabrikam')), {
      baseline: {
        architecture: 'distributed',
        workspace: { retentionDays: 90, dailyCapGb: 10, tags: { logs: 'own' } },
      },
      layers: ['provider', 'architecture distributed'],
    });
    assert.deepEqual(baselineOf(layered, customer('Tailspin', 'gold')), {
      baseline: { architecture: 'hybrid', workspace: { retentionDays: 60, dailyCapGb: 2 } },
      layers: ['provider', 'architecture hybrid', 'group gold'],
    });
    const { baseline, layers } = baselineOf(layered, customer('Contoso', 'gold'));
    assert.deepEqual(layers, ['provider', 'group gold', 'customer contoso']);
    assert.deepEqual(baseline.workspace, { retentionDays: 60, dailyCapGb: 5 });
  });

  it('of who is being onboarded: its architecture where no layer says one, and its own by the key it will have', () => {
    const coming = {
      tenant: toTenantId('11111111-1111-4111-8111-111111111111'),
      key: 'tailspin',
      name: 'Tailspin',
      architecture: 'hybrid',
    } as const;
    const layered = parsed({
      architectures: { hybrid: { workspace: { dailyCapGb: 2 } }, central: { workspace: { dailyCapGb: 9 } } },
      customers: { tailspin: { workspace: { retentionDays: 60 } } },
    });
    // As the directory calls it: no customers file names it yet.
    const seen = customer('Tailspin Toys (Pty) Ltd');
    assert.deepEqual(baselineOf(layered, seen, coming), {
      baseline: { architecture: 'hybrid', workspace: { retentionDays: 60, dailyCapGb: 2 } },
      layers: ['provider', 'architecture hybrid', 'customer tailspin'],
      unsaid: true,
    });
    assert.deepEqual(baselineOf(layered, seen), { baseline: {}, layers: ['provider'] });
    const said = { ...layered, provider: { architecture: 'central' } } as const;
    assert.deepEqual(baselineOf(said, seen, coming).layers, ['provider', 'architecture central', 'customer tailspin']);
  });

  it('of an architecture that is none are told, and one that says whose it is', () => {
    assert.deepEqual(problemsOf('{"architectures": {"peripheral": {}, "hybrid": {"architecture": "hybrid"}}}'), [
      '1: "peripheral" is no architecture; use distributed, central, hybrid.',
      '1: "architecture" stands in the layer of the provider, of a group or of a customer, not in "hybrid".',
    ]);
  });

  it('for nobody are named: a typing mistake would be no baseline at all', () => {
    assert.deepEqual(
      layersOfNobody(file, [customer('Contosso', 'gold')]).map(({ message }) => message),
      ['No customer is in a group "eu".', 'No customer is called "contoso".'],
    );
  });
});

describe('the schema of the baseline file', () => {
  interface Schema {
    readonly type?: string | readonly string[];
    readonly description?: string;
    readonly enum?: readonly (string | null)[];
    readonly enumDescriptions?: readonly string[];
    readonly pattern?: string;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly items?: Schema;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly additionalProperties?: boolean | Schema;
    readonly definitions?: Readonly<Record<string, Schema>>;
  }
  const schema = JSON.parse(readFileSync(join(ROOT, 'media/baseline.schema.json'), 'utf8')) as Schema;

  /** Holds a part of the schema against what the reader takes; `at` says where. */
  function same(shape: Shape, part: Schema, at: string): void {
    const types = [part.type ?? []].flat();
    if (shape.kind === 'choice') {
      assert.deepEqual(
        part.enum?.filter((one) => one !== null),
        shape.values,
        at,
      );
      if (part.enumDescriptions) assert.equal(part.enumDescriptions.length, part.enum!.length, at);
    } else if (shape.kind === 'number') {
      assert.deepEqual([part.minimum, part.maximum], [shape.least, shape.most], at);
      assert.equal(types.includes(shape.whole ? 'integer' : 'number'), true, at);
      assert.equal(part.pattern, shape.words.length > 0 ? `^(${shape.words.join('|')})$` : undefined, at);
    } else if (shape.kind === 'flag') assert.deepEqual(types, ['boolean', 'null'], at);
    else if (shape.kind === 'list') same(shape.of, part.items!, `${at}[]`);
    else if (shape.kind === 'map') {
      same(shape.of, part.additionalProperties as Schema, `${at}.*`);
    } else if (shape.kind === 'object') {
      assert.deepEqual(Object.keys(part.properties!), Object.keys(shape.fields), at);
      assert.equal(part.additionalProperties, false, at);
      for (const [name, field] of Object.entries(shape.fields)) {
        assert.ok(part.properties![name]!.description, `${at}.${name} is described`);
        same(field, part.properties![name]!, `${at}.${name}`);
      }
    } else assert.ok(types.includes('string'), at);
  }

  it('says what the reader takes: fields, choices, limits; and describes every field', () => {
    same(LAYER, schema.definitions!['layer']!, 'layer');
  });

  it('says in hovers what a setting costs or forbids', () => {
    const { tables, workspace, locks } = schema.definitions!['layer']!.properties!;
    const table = (tables!.additionalProperties as Schema).properties!;
    assert.match(table['plan']!.enumDescriptions![1]!, /Forbids alert rules/);
    const { perGb, perGbOf, perGbMonth, tiers, region } = PRICES;
    const inPlaces = (price: number): string => `about $${price.toFixed(2)} per GB`;
    assert.ok(table['plan']!.enumDescriptions![0]!.includes(`${inPlaces(perGb)} (list price, ${region})`));
    assert.ok(table['plan']!.enumDescriptions![1]!.startsWith(`A${inPlaces(perGbOf.Basic).slice(1)}`));
    assert.ok(table['plan']!.enumDescriptions![2]!.startsWith(`A${inPlaces(perGbOf.Auxiliary).slice(1)}`));
    assert.ok(table['retentionDays']!.description!.includes(`${inPlaces(perGbMonth.queried)} and month`));
    assert.ok(table['totalRetentionDays']!.description!.includes(`about $${perGbMonth.kept.toFixed(2)} a month`));
    const { retentionDays, commitmentGb } = workspace!.properties!;
    assert.ok(retentionDays!.description!.includes(inPlaces(perGbMonth.queried)));
    // 5 GB a day beyond the 31 days in the price.
    const months = Math.round(5 * (180 - 31) * perGbMonth.queried);
    assert.ok(retentionDays!.description!.includes(`about $${months} a month`), `$${months}`);
    for (const { gb, perDay } of tiers.slice(0, 6))
      assert.match(
        commitmentGb!.description!,
        new RegExp(`\\b${gb} \\((?:about )?\\$${perDay.toLocaleString('en-US')}\\b`),
      );
    assert.match((locks!.additionalProperties as Schema).properties!['level']!.enumDescriptions![1]!, /are refused/);
  });

  it('is the one VS Code completes and validates baseline files by', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      contributes: { jsonValidation: { fileMatch: string[]; url: string }[] };
    };
    const rule = manifest.contributes.jsonValidation.find(({ url }) => url === './media/baseline.schema.json');
    assert.deepEqual(rule?.fileMatch, ['**/.tenantscope/baseline.json']);
  });
});
