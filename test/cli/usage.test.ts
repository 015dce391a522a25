import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tenantscope } from './program.ts';

test('help for the program and for each command, with the exit codes', async () => {
  const help = await tenantscope(['--help']);
  assert.equal(help.code, 0);
  assert.equal(help.err, '');
  for (const command of ['estate', 'query', 'pack', 'workspace', 'kql', 'mcp']) {
    assert.match(help.out, new RegExp(`^  ${command}`, 'm'));
    const one = await tenantscope([command, '--help']);
    assert.equal(one.code, 0);
    assert.match(one.out, new RegExp(`^Usage: tenantscope ${command} `));
    assert.match(one.out, /4 +partial/);
  }
});

test('a wrong command line is refused by name, on standard error, with 2', async () => {
  const cases: readonly [readonly string[], RegExp][] = [
    [[], /^$/],
    [['qeury'], /"qeury" is not a command\. Did you mean "query"\?/],
    [['query'], /FILE is missing/],
    [['query', '-', 'x'], /"x" is one argument too many/],
    [['query', '-', '--scpoe', 'all'], /Unknown option '--scpoe'/],
    [['query', '-', '--format', 'xml'], /--format is one of table, csv, json, parquet, xlsx, md, not "xml"/],
    [['query', '-', '--timespan', 'yesterday'], /--timespan is a duration/],
    [['query', '-', '--scope', 'custmer:x'], /--scope: "custmer" is not a kind of scope/],
    [['query', '-', '--estimate'], /--estimate goes with --explain/],
    [['query', '-', '--max-rows', 'many'], /--max-rows is a whole number from 0, not "many"/],
    [['query', '-', '--max-rows', '-1'], /--max-rows is a whole number from 0, not "-1"/],
    [['notebook', 'run', 'x.md', '--max-rows', '-1'], /--max-rows is a whole number from 0, not "-1"/],
    [['query', '/no/such/file.kql'], /cannot be read/],
    [['query', '-', '--cloud', '/no/such/cloud.json'], /The cloud file .* cannot be read/],
    [['workspace', 'rename', 'x'], /"rename" is not something to do with a workspace/],
    [['workspace', 'create', 'x'], /--subscription is missing/],
    [['kql', '-', '--format', 'parquet'], /needs --out/],
    [['mcp'], /--scope is missing: say what a model may ask and see/],
    [['estate', '--scope', 'contoso'], /"contoso" needs to say what it is: customer:contoso, group:contoso, .*Nothing/],
    [
      ['central', 'access', '--workspace', 'w', '--customer', 'coho', '--principal', 'kim'],
      /--principal is an object ID \(a GUID\): "az ad group show -g NAME --query id"/,
    ],
    [['central'], /"central" needs to know what to do: check, views or access\?/],
    [['mcp', '--scope', 'contoso'], /--scope: "contoso" needs to say what it is/],
    [['mcp', '--scope', 'all', '--max-workspaces', 'many'], /--max-workspaces is a whole number from 1/],
  ];
  for (const [args, message] of cases) {
    const ended = await tenantscope(args, { input: 'T' });
    assert.equal(ended.code, 2, args.join(' '));
    if (args.length > 0) {
      assert.match(ended.err, message);
      assert.equal(ended.out, '');
    }
  }
});
