import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { ROOT } from '../../scripts/tools.mjs';

interface Source {
  readonly path: string;
  readonly file: ts.SourceFile;
}

/** A method of a class in the wire to Resource Manager. */
interface Method {
  readonly name: string;
  /** Others than the class itself can call it, by a port. */
  readonly isOfPort: boolean;
  readonly calls: readonly Call[];
}

interface Call {
  readonly receiver: string;
  readonly name: string;
  readonly first: string;
}

const parse = (path: string, text: string): Source => ({
  path,
  file: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true),
});
const below = (folder: string): readonly Source[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .map((path) => parse(path, readFileSync(join(ROOT, path), 'utf8')));

function callsIn(node: ts.Node): readonly Call[] {
  const calls: Call[] = [];
  const visit = (at: ts.Node): void => {
    if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
      const { expression, name } = at.expression;
      calls.push({ receiver: expression.getText(), name: name.text, first: at.arguments[0]?.getText() ?? '' });
    }
    ts.forEachChild(at, visit);
  };
  visit(node);
  return calls;
}

function methodsOf({ file }: Source): readonly Method[] {
  return file.statements.filter(ts.isClassDeclaration).flatMap((one) =>
    one.members.filter(ts.isMethodDeclaration).map((method) => ({
      name: method.name.getText(),
      isOfPort:
        (one.heritageClauses ?? []).some(({ token }) => token === ts.SyntaxKind.ImplementsKeyword) &&
        !(method.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword),
      calls: callsIn(method),
    })),
  );
}

/** A request that changes something: of an SDK, or of a door that takes the method's name. */
const SENDS = ({ receiver, name, first }: Call): boolean =>
  (/^this\.client\.\w+$/.test(receiver) &&
    /^(?:createOrUpdate|update|delete|register|put|start|begin\w+)$/.test(name)) ||
  (name === 'send' && /^'(?:PUT|PATCH|POST|DELETE)'$/.test(first)) ||
  (name === 'send' && /\bmethod\b/.test(first) && !/method: 'GET'/.test(first));

/** Methods of ports that change what is in Azure: those that send, and those that call one that does. */
function changing(sources: readonly Source[]): ReadonlySet<string> {
  const methods = sources.flatMap(methodsOf);
  const found = new Set<string>();
  const change = ({ calls }: Method): boolean =>
    calls.some((call) => SENDS(call) || (/^(?:this|door)$|\)$/.test(call.receiver) && found.has(call.name)));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const method of methods) if (change(method)) found.add(method.name);
  }
  return new Set(methods.filter((method) => method.isOfPort && change(method)).map(({ name }) => name));
}

/** Words that others have methods of, too: they count where the port is imported. */
const GENERIC: Readonly<Record<string, RegExp>> = {
  remove: /\/ports\/(?:onboarding|baseline|alerts)\.ts'/,
  createTable: /\/ports\/centres?\.ts'/,
};

/** Who calls one of these methods outside a handler of plans, or takes a door to any resource: `FILE: METHOD`. */
function besidePlans(sources: readonly Source[], names: ReadonlySet<string>): readonly string[] {
  const calls = sources
    .filter(({ path }) => !/Handler\.ts$/.test(path))
    .flatMap(({ path, file }) =>
      callsIn(file).flatMap(({ name }) =>
        name === 'anyResource' || (names.has(name) && (GENERIC[name]?.test(file.text) ?? true))
          ? [`${path}: ${name}`]
          : [],
      ),
    );
  return [...new Set(calls)].sort();
}

/** What is no resource that a plan could compare: it is confirmed by itself where it is asked for. */
const NO_RESOURCES = [
  // A message to whom an action group tells; nothing is other than before.
  'src/core/alerts/alertRules.ts: testActionGroup',
  // "Acknowledged" or "Closed" of an alert that fired.
  'src/core/alerts/firedAlerts.ts: changeState',
];

describe('what changes something in Azure', () => {
  const names = changing(below('src/azure/arm'));

  it('is found in the wire to Resource Manager, also behind a method in between', () => {
    for (const name of ['putWorkspace', 'registerResourceProvider', 'putLock', 'deleteLock', 'putQuery', 'changeTags'])
      assert.ok(names.has(name), name);
    for (const name of ['lock', 'tables', 'lastChange', 'whatIf', 'resourcesOf']) assert.ok(!names.has(name), name);
    const planted = `export class NewClient implements NewPort {
      put() { return this.far(); }
      private far() { return door.send('DELETE', id, V, {}, abort); }
      look() { return door.ask(id, V, {}, abort); }
    }`;
    assert.deepEqual([...changing([parse('src/azure/arm/newClient.ts', planted)])], ['put']);
  });

  it('is called by handlers of plans alone, which show it before', () => {
    const others = ['src/core', 'src/app', 'src/worker', 'src/cli', 'src/extension'].flatMap(below);
    assert.deepEqual(besidePlans(others, names), NO_RESOURCES);
  });

  it('is noticed beside them', () => {
    const planted = (path: string, text: string) => besidePlans([parse(path, text)], names);
    assert.deepEqual(planted('src/core/x/quick.ts', 'await world.baseline.putLock(issuer, id, lock);'), [
      'src/core/x/quick.ts: putLock',
    ]);
    assert.deepEqual(planted('src/app/x.ts', 'await (await clients.anyResource(issuer)).get(id, V, abort);'), [
      'src/app/x.ts: anyResource',
    ]);
    assert.deepEqual(planted('src/core/x/lockHandler.ts', 'await port.putLock(issuer, id, lock);'), []);
  });
});
