import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { namesAt } from '../../../src/core/baseline/namesAt.ts';
import { parseBaseline } from '../../../src/core/baseline/parseBaseline.ts';
import { driftLines } from '../../../src/core/baseline/placesInFile.ts';
import { baselineRemarks } from '../../../src/core/baseline/remarks.ts';
import type { DriftReport } from '../../../src/model/drift.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';

const CUSTOMERS = [
  { key: toCustomerKey('contoso'), name: 'Contoso', groups: ['gold'] },
  { key: toCustomerKey('fabrikam'), name: 'Fabrikam', groups: ['eu'] },
];

function remarksOf(text: string, around: Partial<Parameters<typeof baselineRemarks>[2]> = {}): readonly string[] {
  const { baseline, problems } = parseBaseline(text, 'baseline.json');
  assert.deepEqual(problems, []);
  const known = { customers: [], workspaces: [], isTable: (name: string) => name === 'Syslog', ...around };
  return baselineRemarks(text, baseline, known).map(({ line, message }) => `${line}: ${message}`);
}

describe('what is doubtful in a baseline file', () => {
  it('is a group or customer that nobody knows, where somebody is known', () => {
    const text = '{\n"groups": { "silver": {} },\n"customers": { "fabricam": {} } }';
    assert.deepEqual(remarksOf(text, { customers: CUSTOMERS }), [
      '2: No customer is in a group "silver".',
      '3: No customer is called "fabricam".',
    ]);
    assert.deepEqual(remarksOf(text), []);
  });

  it('is a table that Azure does not have, or a role that cannot be delegated', () => {
    const text = `{ "provider": {
      "tables": {
        "Syslog": {}, "Mine_CL": {},
        "Sylog": { "retentionDays": 30 }
      },
      "delegations": {
        "Managed logs": { "managedBy": "00000000-0000-0000-0000-000000000001", "authorizations": [
          { "principalId": "00000000-0000-0000-0000-000000000002", "role": "Log Analytics Reader" },
          { "principalId": "00000000-0000-0000-0000-000000000002", "role": "Log Reader" },
          { "principalId": "00000000-0000-0000-0000-000000000002", "role": "Owner" }
        ] }
      }
    } }`;
    const [table, role, owner, ...more] = remarksOf(text);
    assert.equal(table, '4: Azure has no table "Sylog" that is known here; tables of your own end with _CL.');
    assert.equal(role, '7: "Log Reader" is not among the built-in roles that are known here: write its ID.');
    assert.match(owner!, /^7: Owner /);
    assert.deepEqual(more, []);
  });

  it('is what contradicts itself, also from one layer to another, at the line of the later one', () => {
    const text = `{
      "provider": {
        "workspace": { "retentionDays": 90, "sku": "PerGB2018" },
        "tables": { "Syslog": { "totalRetentionDays": 60 } },
        "alerts": { "A": { "query": "Heartbeat", "threshold": 1, "periods": 2 } },
        "collectionRules": { "dcr": { "machines": "all" } }
      },
      "groups": {
        "gold": {
          "workspace": { "commitmentGb": 150 },
          "tables": { "Syslog": { "plan": "Basic",
            "retentionDays": 8 } },
          "alerts": { "A": { "failing": 3 } }
        },
        "eu": { "tables": { "Syslog": { "retentionDays": 90, "totalRetentionDays": 800 } } }
      }
    }`;
    assert.deepEqual(remarksOf(text), [
      '6: The rule "dcr" collects nothing.',
      '10: A commitment needs the tier "CapacityReservation", not "PerGB2018".',
      '10: A commitment is one of 100, 200, 300, 400, 500, 1000, 2000, 5000, 10000, 25000, 50000 GB a day.',
      '12: Tables of the plan Basic can be queried for 30 days, not 8; "totalRetentionDays" keeps rows longer.',
      '13: It cannot be met in 3 of 2 windows: raise "periods".',
      '15: Beyond 730 days the total retention goes by the year: 1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383.',
    ]);
    assert.deepEqual(remarksOf(text.replace('"failing": 3', '"failing": 2')).length, 5);
  });

  it('is a cap on a workspace with Microsoft Sentinel, for the customer that has one', () => {
    const text =
      '{\n"provider": { "workspace": { "dailyCapGb": 5 } },\n"customers": { "Contoso": { "workspace": {\n"dailyCapGb": "none" } } } }';
    const workspaces = CUSTOMERS.map(({ key, name }) => ({ customer: key, name: `law-${name}`, sentinel: true }));
    const [only, ...more] = remarksOf(text, { customers: CUSTOMERS, workspaces });
    assert.match(only!, /^2: Fabrikam has Microsoft Sentinel in law-Fabrikam: from the moment the cap is reached/);
    assert.deepEqual(more, []);
  });
});

describe('what differs', () => {
  it('is told at the line of the most special layer that wants it', () => {
    const text = `{
      "provider": { "tables": { "Syslog": { "retentionDays": 30 } },
        "locks": { "keep": { "on": "workspace", "level": "ReadOnly" } },
        "collectionRules": { "dcr": {} } },
      "customers": { "Contoso": {
        "workspace": { "retentionDays": 90 },
        "tables": { "syslog": { "totalRetentionDays": 90 } } } }
    }`;
    const of = (section: string, name: string) => ({ customer: CUSTOMERS[0]!.key, section, name });
    const report = {
      customers: [{ key: CUSTOMERS[0]!.key, layers: ['provider', 'customer Contoso'] }],
      drift: [
        of('workspace', 'settings'),
        of('tables', 'Syslog'),
        of('locks', 'keep'),
        of('collectionRules', 'dcr on vm-1'),
      ],
    } as unknown as DriftReport;
    assert.deepEqual(driftLines(text, report), [6, 7, 3, 4]);
  });
});

describe('names that complete a baseline file', () => {
  const known = { customers: ['Contoso'], groups: ['gold'], tables: ['Syslog'] };
  /** The names at the cursor, a `^` in the text. */
  const at = (text: string) => {
    const offset = text.indexOf('^');
    const whole = text.replace('^', '');
    return namesAt(whole, offset, parseBaseline(whole, '').baseline, known);
  };

  it('are those of customers, groups and tables, with what they replace', () => {
    assert.deepEqual(at('{"customers": {"C^": {}}}'), {
      ...{ names: ['Contoso'], what: 'customer', isName: true, hasValue: true, start: 15, end: 18 },
    });
    assert.deepEqual(at('{"groups": {"g^"}}')?.names, ['gold']);
    assert.equal(at('{"groups": {"g^"}}')?.hasValue, false);
    assert.deepEqual(at('{"provider": {"tables": {"^"}}}')?.names, ['Syslog']);
    assert.deepEqual(at('{"groups": {"gold": {"tables": {"S^": {}}}}}')?.names, ['Syslog']);
  });

  it('are roles that can be delegated, and the baseline’s own action groups', () => {
    const roles = at('{"provider": {"delegations": {"D": {"authorizations": [{"role": "L^"}]}}}}')!;
    assert.ok(roles.names.includes('Log Analytics Reader'));
    assert.ok(!roles.names.includes('Owner'));
    const groups = '{"provider": {"actionGroups": {"desk": {}}, "alerts": {"A": {"actionGroups": ["^"]}}}}';
    assert.deepEqual(at(groups)?.names, ['desk']);
  });

  it('are none where the schema knows better', () => {
    assert.equal(at('{"provider": {"w^": {}}}'), undefined);
    assert.equal(at('{"customers": {"Contoso": {"main": "x^"}}}'), undefined);
  });
});
