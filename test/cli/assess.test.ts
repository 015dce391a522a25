import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Assessment } from '../../src/model/assessment/assessment.ts';
import { NO_SIGNALS } from '../harness/system.ts';
import { startSample, tenantscope } from './program.ts';

/** What SARIF 2.1.0 and code scanning ask of a log, as far as ours goes. */
interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly version: string; readonly rules: Rule[] } };
    readonly invocations: readonly { readonly executionSuccessful: boolean; readonly endTimeUtc: string }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly logicalLocations: readonly { readonly name: string; readonly fullyQualifiedName: string }[];
      }[];
      readonly fingerprints: Readonly<Record<string, string>>;
      readonly properties: Readonly<Record<string, string>>;
    }[];
  }[];
}
interface Rule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
}

describe('assess: architecture fit, on the sample estate', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let place: (name: string) => string;
  before(async () => {
    sample = await startSample();
    place = (name) => join(sample.directory, name);
  });
  afterEach(() => {
    sample.emulator.faults.clear();
  });
  after(() => sample.close());
  const assess = (...args: string[]) => tenantscope(['assess', '--cloud', sample.cloud, ...args]);
  const calls = () => sample.emulator.calls.list();
  const put = async (name: string, text: string): Promise<string> => {
    await writeFile(place(name), text);
    return place(name);
  };
  /** Names of everybody but `own` (and the provider, who writes the report) and of what they have, in lower case. */
  const namesOfOthers = (own: string, all: Assessment): readonly string[] => {
    const { tenants, workspaces } = sample.emulator.world;
    const text = JSON.stringify(all.customers.find(({ key }) => key === own)!.name).toLowerCase();
    const names = [
      ...all.customers.filter(({ key, provider }) => key !== own && !provider).flatMap(({ key, name }) => [key, name]),
      ...[...workspaces.values()].map(({ name }) => name).filter((name) => !name.startsWith(own)),
      ...[...tenants.values()].map(({ displayName }) => displayName).filter((name) => !name.startsWith('Northbridge')),
    ];
    return [...new Set(names.map((name) => name.toLowerCase()))].filter((name) => !text.includes(name));
  };

  test('everybody as a table: those who need somebody first, and who could not be looked into', async () => {
    const { code, out, err } = await assess('--scope', 'customer:proseware customer:alpine customer:coho');
    const [head, , ...rows] = out.trimEnd().split('\n');
    assert.match(head!, /^Customer +Today +Fits +Distributed +Central +Hybrid +Findings +Confidence +Why *$/);
    assert.deepEqual(
      new Set(rows.map((row) => row.split(/ {2,}/)[0])),
      new Set(['Alpine Ski House', 'Coho Winery', 'Proseware']),
    );
    assert.match(out, /^Alpine Ski House +unknown +not assessed /m);
    assert.match(out, /^Coho Winery +hybrid +hybrid +\d+ +\d+ +\d+ +1 critical, /m);
    assert.match(err, /^Alpine Ski House: Not assessed: /m);
    assert.equal(code, 4, 'somebody is not assessed');
  });

  test('everything as JSON, into a file; a group; nothing unknown ends with 0', async () => {
    const { code, out, err } = await assess(
      '--scope',
      'customer:litware',
      '--format',
      'json',
      '--out',
      place('l.json'),
    );
    assert.deepEqual([code, out, err], [0, '', '']);
    const litware = JSON.parse(await readFile(place('l.json'), 'utf8')) as Assessment;
    assert.deepEqual([litware.version, litware.scope], [1, 'customer:litware']);
    assert.deepEqual([litware.complete, litware.cancelled], [true, false]);
    assert.equal(litware.customers[0]!.fit.best, 'distributed');
    assert.ok(litware.customers[0]!.findings.every(({ evidence }) => evidence.length > 0));
    assert.ok(litware.costs.some(({ fact, calls: many }) => fact === 'usage' && many >= 1));
  });

  test('Markdown and HTML of the estate', async () => {
    const scope = ['--scope', 'customer:litware'] as const;
    const markdown = await assess(...scope, '--format', 'md');
    assert.match(markdown.out, /^# Architecture fit\n\n1 workspace, 1 customer, measured .*\n\n\| Customer \|/);
    assert.match(markdown.out, /^## Litware$/m);
    const html = await assess(...scope, '--format', 'html');
    assert.match(html.out, /^<!doctype html>/i);
    assert.match(html.out, /Litware/);
    assert.ok(!/<script|src="http|href="http/i.test(html.out), 'a file of its own');
  });

  test('SARIF has what readers of SARIF need', async () => {
    const { out } = await assess('--scope', 'customer:coho', '--format', 'sarif');
    const sarif = JSON.parse(out) as Sarif;
    assert.equal(sarif.version, '2.1.0');
    assert.match(sarif.$schema, /^https:\/\/.*sarif.*2\.1\.0/);
    assert.equal(sarif.runs.length, 1);
    const [{ tool, invocations, results }] = sarif.runs as [Sarif['runs'][number]];
    assert.equal(tool.driver.name, 'Tenantscope');
    assert.match(tool.driver.version, /^\d+\.\d+\.\d+/);
    const rules = new Set(tool.driver.rules.map(({ id }) => id));
    assert.ok(rules.size >= 25 && rules.size === tool.driver.rules.length, 'a rule a check, each once');
    assert.ok(tool.driver.rules.every(({ shortDescription }) => shortDescription.text.length > 0));
    assert.equal(invocations[0]!.executionSuccessful, true);
    assert.equal(new Date(invocations[0]!.endTimeUtc).toISOString(), invocations[0]!.endTimeUtc);
    assert.ok(results.length >= 4);
    for (const result of results) {
      assert.ok(rules.has(result.ruleId), result.ruleId);
      assert.ok(['error', 'warning', 'note'].includes(result.level));
      assert.ok(result.message.text.length > 0);
      assert.match(result.locations[0]!.logicalLocations[0]!.fullyQualifiedName, /^Coho Winery\/./);
      assert.match(result.fingerprints['tenantscope/v1']!, /^coho\//);
      assert.match(result.properties['security-severity']!, /^\d+\.\d$/);
    }
    assert.equal(new Set(results.map(({ fingerprints }) => fingerprints['tenantscope/v1'])).size, results.length);
  });

  test('the copy of a customer whose logs lie at the provider’s: nothing of others in any form, nor beside it', async () => {
    const whole = await assess('--format', 'json');
    const all = JSON.parse(whole.out) as Assessment;
    assert.equal(whole.code, 4);
    const others = namesOfOthers('coho', all);
    assert.ok(others.includes('fabrikam') && others.includes('nb-central') && others.includes('lucerne publishing'));
    const copies = new Map<string, string>();
    for (const format of ['html', 'md', 'json', 'sarif']) {
      const { code, out, err } = await assess(
        '--customer',
        format === 'md' ? 'coho' : 'Coho Winery',
        '--format',
        format,
      );
      assert.equal(code, 0, err);
      assert.match(out, /Coho Winery/);
      copies.set(format, out);
      const text = `${out}\n${err}`.toLowerCase();
      assert.deepEqual(
        others.filter((name) => text.includes(name)),
        [],
        format,
      );
    }
    // Measured alone it is judged as among the others.
    const copy = JSON.parse(copies.get('json')!) as Assessment;
    const [one] = copy.customers;
    const then = all.customers.find(({ key }) => key === 'coho')!;
    assert.equal(copy.customers.length, 1);
    assert.deepEqual([one!.today.state, one!.fit.scores], [then.today.state, then.fit.scores]);
    assert.deepEqual([copy.costs, copy.weights, copy.scope], [[], {}, '']);
  });

  test('--fail-on ends with 10 where a finding is as bad, and only then', async () => {
    const worst = async (customer: string, severity: string) =>
      (await assess('--scope', `customer:${customer}`, '--fail-on', severity)).code;
    assert.equal(await worst('coho', 'critical'), 10);
    // Its worst is medium; Litware has nothing wrong.
    assert.equal(await worst('adatum', 'high'), 0);
    assert.equal(await worst('adatum', 'medium'), 10);
    assert.equal(await worst('litware', 'low'), 0);
    assert.equal(await worst('coho', 'never'), 0);
    // A finding is worse than somebody who is missing.
    assert.equal(await worst('alpine', 'high'), 10);
  });

  test('--against says what is different since, and costs nothing where nothing is', async () => {
    const scope = ['--scope', 'customer:adatum'] as const;
    await assess(...scope, '--format', 'json', '--out', place('now.json'));
    const now = JSON.parse(await readFile(place('now.json'), 'utf8')) as Assessment;
    const same = await assess(...scope, '--against', place('now.json'));
    assert.deepEqual([same.code, same.err], [0, `Since ${now.at}: 0 new findings, 0 gone, 0 verdicts changed.\n`]);

    const [adatum] = now.customers;
    const [first, ...findings] = adatum!.findings;
    const check = adatum!.checks.find(({ state }) => state === 'passed')!;
    const gone = { ...first!, check: check.check, severity: 'high', title: 'Something was wrong' };
    const then = {
      ...now,
      customers: [
        { ...adatum, today: { state: 'central', because: [] }, findings: [...findings, gone] },
        { ...adatum, key: 'former', name: 'Former' },
      ],
    };
    const { err } = await assess(...scope, '--against', await put('then.json', JSON.stringify(then)));
    assert.deepEqual(err.trimEnd().split('\n'), [
      `Since ${now.at}: 1 new finding, 1 gone, 1 verdict changed.`,
      '  Adatum: central became distributed',
      `  + Adatum: ${first!.severity}: ${first!.title}`,
      '  - Adatum: high: Something was wrong',
      '  1 customer of then not assessed now: former.',
    ]);
    // A customer's copy names no workspace, so that everything would look new.
    await assess('--customer', 'adatum', '--format', 'json', '--out', place('copy.json'));
    const copy = await assess(...scope, '--against', place('copy.json'));
    assert.deepEqual([copy.code, copy.out], [2, '']);
    assert.match(copy.err, /copy\.json is the copy for one customer/);
  });

  test('--weights are the provider’s own', async () => {
    const weights = await put('fit.json', '{"weights": {"volume": 0, "residency": 100}}');
    const { out } = await assess('--scope', 'customer:contoso', '--weights', weights, '--format', 'json');
    const assessment = JSON.parse(out) as Assessment;
    assert.deepEqual([assessment.weights['volume'], assessment.weights['residency']], [0, 100]);
    const plain = JSON.parse((await assess('--scope', 'customer:contoso', '--format', 'json')).out) as Assessment;
    assert.notDeepEqual(assessment.customers[0]!.fit.scores, plain.customers[0]!.fit.scores);
    assert.equal(assessment.customers[0]!.today.state, plain.customers[0]!.today.state);
  });

  test('what is wrong with the options is said by name before anybody is asked', async () => {
    const weights = await put('wrong.json', '{"weights": {\n  "residency": 20,\n  "residence": 7\n}}');
    const broken = await put('broken.json', '{"version": 1, "id": "x", "at": "2026-01-01", "customers": [{}]}');
    await mkdir(place('folder'), { recursive: true });
    const before = calls().length;
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['--format', 'pdf'], /--format is one of table, json, md, html, sarif, not "pdf"/],
      [['--fail-on', 'awful'], /--fail-on is one of critical, high, medium, low, never, not "awful"/],
      [['--weights', weights], /wrong\.json:3: "residence" is no criterion; use .*residency/],
      [['--weights', place('none.json')], /--weights: .*none\.json cannot be read/],
      [['--weights', await put('odd.json', '{"weights": {"residency": 101}}')], /odd\.json:1: .*from 0 to 100/],
      [['--against', place('none.json')], /--against: .*none\.json is no assessment/],
      [['--against', broken], /--against: .*broken\.json is no assessment of this version/],
      [['--out', place('folder'), '--format', 'json'], /folder: .*folder/],
      [['--out', place('x.md')], /--out needs --format html, md, json or sarif/],
      [['--customer', 'coho'], /--customer writes a report: choose --format/],
      [['--customer', 'coho', '--format', 'md', '--scope', 'all'], /leave --scope out/],
      [['--scope', 'coho'], /--scope: "coho" needs to say what it is/],
      [['--scope', ''], /--scope: The scope is empty/],
      [['coho'], /"coho" is one argument too many/],
      [['--failon', 'high'], /Unknown option '--failon'/],
      [['--format'], /--format/],
    ];
    for (const [args, message] of wrong) {
      const { code, out, err } = await assess(...args);
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, /^tenantscope: .*\n$/);
      assert.match(err, message);
    }
    assert.equal(calls().length, before, 'nobody was asked');
    const help = (await assess('--help')).out;
    for (const option of ['scope', 'format', 'out', 'customer', 'fail-on', 'against', 'weights'])
      assert.match(help, new RegExp(`^  --${option} `, 'm'));
    assert.equal(help.match(/^ {2}10 .*--fail-on/gm)?.length, 1);
  });

  test('a scope or a customer that nobody is called is refused before anything is measured', async () => {
    sample.emulator.calls.clear();
    const scope = await assess('--scope', 'customer:Cohho');
    assert.equal(scope.code, 2);
    assert.match(scope.err, /no customer "Cohho".*coho/);
    const customer = await assess('--customer', 'Cohho', '--format', 'html', '--out', place('never.html'));
    assert.equal(customer.code, 2);
    assert.equal(customer.err, 'tenantscope: --customer: no customer is called "Cohho".\n');
    assert.deepEqual(
      calls().filter(({ path }) => /\/query|dataExports|diagnosticSettings|\/locks/.test(path)),
      [],
    );
    await assert.rejects(readFile(place('never.html')));
  });

  test('what could not be looked at is unknown, never fine: 4, and who', async () => {
    sample.emulator.faults.add({
      match: { service: 'logs', workspace: 'litware-everything' },
      fault: { kind: 'status', status: 403 },
    });
    const { code, out, err } = await assess('--scope', 'customer:litware', '--format', 'json');
    assert.equal(code, 4);
    assert.match(err, /^Of 1 customer some checks could not look everywhere: unknown there, not fine\.$/m);
    const { customers, complete } = JSON.parse(out) as Assessment;
    assert.equal(complete, false);
    const capHit = customers[0]!.checks.find(({ check }) => check === 'capHit')!;
    assert.deepEqual([capHit.state, capHit.unknown[0]?.subject.name], ['unknown', 'litware-everything']);
  });

  test('Ctrl+C gives what was measured by then, and ends with 130', { skip: NO_SIGNALS }, async () => {
    // Its first question is answered, the next ones never; they begin when everybody's first is answered.
    const match = { service: 'logs', workspace: 'contoso-labs' } as const;
    sample.emulator.faults.add({ match, after: 1, fault: { kind: 'hang' } });
    sample.emulator.calls.clear();
    let looking: NodeJS.Timeout | undefined;
    const { code, out, err } = await tenantscope(
      ['assess', '--cloud', sample.cloud, '--scope', 'customer:contoso', '--format', 'json', '--fail-on', 'low'],
      {
        started: (child) => {
          looking = setInterval(() => {
            const seen = new Set<string | undefined>();
            const again = calls().some(({ service, workspace }) => {
              const second = service === 'logs' && seen.has(workspace);
              if (service === 'logs') seen.add(workspace);
              return second;
            });
            if (!again) return;
            clearInterval(looking);
            child.kill('SIGINT');
          }, 20);
        },
      },
    );
    clearInterval(looking);
    assert.equal(code, 130, err);
    assert.match(err, /^Cancelled: what was not measured by then is unknown\.$/m);
    const assessment = JSON.parse(out) as Assessment;
    assert.deepEqual([assessment.cancelled, assessment.complete], [true, false]);
    const cost = (name: string) => assessment.costs.find(({ fact }) => fact === name)!;
    assert.ok(cost('usage').known > 0 && cost('usage').unknown === 0, JSON.stringify(cost('usage')));
    assert.ok(cost('agents').unknown > 0, JSON.stringify(cost('agents')));
  });
});
