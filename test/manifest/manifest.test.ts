import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AGENT_TOOLS } from '../../src/core/agents/tools.ts';
import { COMMAND_IDS } from '../../src/extension/platform/commandIds.ts';
import { TOKEN_TYPES } from '../../src/kql/language/face.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}
interface Setting {
  readonly order: number;
  readonly scope: string;
  readonly type: string;
  readonly default: unknown;
  readonly markdownDescription: string;
  readonly enum?: readonly unknown[];
  readonly markdownEnumDescriptions?: readonly string[];
}
interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly configuration: readonly {
      readonly title: string;
      readonly order: number;
      readonly properties: Readonly<Record<string, Setting>>;
    }[];
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when: string }[];
    readonly languageModelTools: readonly {
      readonly name: string;
      readonly displayName: string;
      readonly userDescription: string;
      readonly modelDescription: string;
      readonly toolReferenceName: string;
      readonly canBeReferencedInPrompt: boolean;
      readonly when: string;
      readonly inputSchema: unknown;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon?: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly semanticTokenTypes?: readonly { readonly id: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly description: string; readonly media: { readonly markdown: string } }[];
    }[];
  };
}

const text = readFileSync(join(ROOT, 'package.json'), 'utf8');
const manifest = JSON.parse(text) as Manifest;
const strings = JSON.parse(readFileSync(join(ROOT, 'package.nls.json'), 'utf8')) as Record<string, string>;
const { commands, configuration, menus, views } = manifest.contributes;
const contributed = commands.map((entry) => entry.command);
const settings = Object.fromEntries(configuration.flatMap((group) => Object.entries(group.properties)));

/** Every text of a key anywhere in the manifest. */
function valuesOf(key: string, node: unknown = manifest.contributes): string[] {
  if (Array.isArray(node)) return node.flatMap((item) => valuesOf(key, item));
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => [
    ...(name === key && typeof value === 'string' ? [value] : []),
    ...valuesOf(key, value),
  ]);
}

/** The extension's sources as one text. */
function sources(folder = join(ROOT, 'src', 'extension')): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) =>
      entry.isDirectory()
        ? sources(join(folder, entry.name))
        : entry.name.endsWith('.ts')
          ? readFileSync(join(folder, entry.name), 'utf8')
          : '',
    )
    .join('\n');
}

test('every command that is implemented is contributed, and the other way round', () => {
  assert.deepEqual([...contributed].sort(), [...COMMAND_IDS].sort());
  assert.equal(new Set(contributed).size, contributed.length);
  for (const id of contributed) assert.match(id, /^tenantscope\.[a-zA-Z]+\.[a-zA-Z]+$/);
});

test('menus, keys and links name commands that exist', () => {
  const known = new Set(contributed);
  for (const item of [...Object.values(menus).flat(), ...manifest.contributes.keybindings])
    assert.ok(known.has(item.command), item.command);
  const links = Object.values(strings).flatMap((value) =>
    [...value.matchAll(/\(command:(tenantscope\.[\w.]+)/g)].map((match) => match[1]!),
  );
  assert.ok(links.length > 5);
  for (const link of links) assert.ok(known.has(link), link);
});

test('a command that needs an entry of a tree is not in the palette', () => {
  const hidden = new Set(
    (menus['commandPalette'] ?? []).filter((item) => item.when === 'false').map((item) => item.command),
  );
  const inTrees = new Set((menus['view/item/context'] ?? []).map((item) => item.command));
  for (const command of inTrees) assert.ok(hidden.has(command), `${command} is in the palette`);
  const elsewhere = new Set(
    Object.entries(menus)
      .filter(([menu]) => menu !== 'commandPalette')
      .flatMap(([, items]) => items.map((item) => item.command)),
  );
  for (const command of hidden)
    assert.ok(
      elsewhere.has(command) ||
        [`command: '${command}'`, `executeCommand('${command}'`].some((text) => sources().includes(text)),
      `${command} can be reached from nowhere`,
    );
});

test('run and cancel are on the keys people know, in queries only', () => {
  const keys = manifest.contributes.keybindings.map((entry) => [
    entry.key,
    entry.command,
    entry.when.includes('editorLangId == kusto'),
  ]);
  assert.deepEqual(keys, [
    ['f5', 'tenantscope.query.run', true],
    ['shift+enter', 'tenantscope.query.run', true],
    ['shift+f5', 'tenantscope.query.cancel', true],
  ]);
});

test('every string a person reads is a key of the string table, and every key is used', () => {
  const used = new Set([...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]!));
  assert.deepEqual(
    [...used].filter((key) => strings[key] === undefined),
    [],
  );
  assert.deepEqual(
    Object.keys(strings).filter((key) => !used.has(key)),
    [],
  );
  // What the tools of language models are called and told is read by models.
  const { languageModelTools, ...forPeople } = manifest.contributes;
  const readable = ['title', 'markdownDescription', 'contents', 'name', 'description']
    .flatMap((key) => valuesOf(key, forPeople))
    .concat(languageModelTools.flatMap(({ displayName, userDescription }) => [displayName, userDescription]))
    .filter((value) => value !== 'Tenantscope');
  for (const value of readable) assert.match(value, /^%.+%$/);
});

test('the tools of language models are those that are defined, word for word, and only where the folder is trusted', () => {
  const { languageModelTools } = manifest.contributes;
  assert.deepEqual(
    languageModelTools.map(({ name, displayName, modelDescription, inputSchema }) => ({
      name,
      title: strings[displayName.slice(1, -1)],
      modelDescription,
      inputSchema,
    })),
    AGENT_TOOLS.map(({ name, title, description, inputSchema }) => ({
      name: `tenantscope_${name}`,
      title,
      modelDescription: description,
      inputSchema: JSON.parse(JSON.stringify(inputSchema)) as unknown,
    })),
  );
  for (const { name, toolReferenceName, canBeReferencedInPrompt, when } of languageModelTools) {
    assert.match(name, /^[\w-]{1,64}$/);
    assert.match(toolReferenceName, /^tenantscope\w+$/);
    assert.deepEqual([canBeReferencedInPrompt, when], [true, 'isWorkspaceTrusted']);
  }
});

test('settings are in ordered groups with short descriptions', () => {
  assert.deepEqual(
    configuration.map((group) => group.order),
    configuration.map((_, at) => at + 1),
  );
  for (const { properties } of configuration) {
    assert.deepEqual(
      Object.values(properties).map((setting) => setting.order),
      Object.keys(properties).map((_, at) => at + 1),
    );
    for (const [name, setting] of Object.entries(properties)) {
      assert.ok((strings[setting.markdownDescription.slice(1, -1)] ?? '').length <= 200, name);
      assert.notEqual(setting.default, undefined, name);
      if (setting.enum && setting.type === 'string')
        assert.equal(setting.markdownEnumDescriptions?.length, setting.enum.length, name);
    }
  }
});

test('no setting is the beginning of another: VS Code would drop one of them', () => {
  const names = Object.keys(settings);
  for (const name of names)
    assert.deepEqual(
      names.filter((other) => other.startsWith(`${name}.`)),
      [],
    );
});

test('the settings that are read are the settings there are', () => {
  const source = readFileSync(join(ROOT, 'src/extension/platform/settings.ts'), 'utf8');
  const declared = [...source.matchAll(/readonly '([\w.]+)':/g)].map((match) => `tenantscope.${match[1]}`);
  assert.deepEqual(declared, Object.keys(settings));
});

test('a folder nobody trusts cannot say where tokens and rows of customers go', () => {
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  assert.equal(supported, 'limited');
  assert.deepEqual(
    [...restrictedConfigurations].sort(),
    Object.keys(settings)
      .filter((name) => /^tenantscope\.(cloud|network|signIn|rollups)\./.test(name))
      .sort(),
  );
  for (const name of restrictedConfigurations)
    assert.ok(['application', 'machine'].includes(settings[name]!.scope), `${name} could be set by a folder`);
});

test('nothing starts the extension but its own views, commands, pages, language and baseline', () => {
  // VS Code derives those by itself, but not files that may have queries inside and pages restored among the editors.
  // JSON wakes nothing: settings are JSON, so every window would. A folder with a baseline is a provider's.
  assert.deepEqual(manifest.activationEvents, [
    'onLanguage:markdown',
    'onLanguage:yaml',
    'onWebviewPanel:tenantscope.results',
    'onWebviewPanel:tenantscope.assessment',
    'workspaceContains:.tenantscope/baseline.json',
  ]);
});

test('every file the manifest names is there', () => {
  const named = [
    manifest.icon,
    ...[...JSON.stringify(manifest.contributes).matchAll(/"\.?\/?((?:media|syntaxes)\/[^"]+)"/g)].map(
      (match) => match[1]!,
    ),
  ];
  assert.ok(named.length > 8);
  for (const file of named) assert.ok(existsSync(join(ROOT, file)), file);
});

test('every view says what to do while it is empty', () => {
  const welcome = new Set(manifest.contributes.viewsWelcome.map((entry) => entry.view));
  for (const { id } of views['tenantscope'] ?? []) assert.ok(welcome.has(id), id);
  assert.ok((views['tenantscope'] ?? []).length <= 5);
});

test('the estate speaks of every state that leaves it empty', () => {
  const states = JSON.stringify(manifest.contributes.viewsWelcome);
  for (const state of ['signedOut', 'failed', 'empty', 'filteredOut'])
    assert.match(states, new RegExp(`tenantscope\\.estate\\.state == ${state}\\b`));
  assert.match(states, /!isWorkspaceTrusted/);
});

test('token types of the language service are the standard ones or declared', () => {
  const standard = [
    'comment',
    'keyword',
    'operator',
    'string',
    'number',
    'type',
    'function',
    'parameter',
    'variable',
    'property',
    'class',
    'namespace',
    'macro',
  ];
  const declared = (manifest.contributes.semanticTokenTypes ?? []).map((entry) => entry.id);
  assert.deepEqual(
    TOKEN_TYPES.filter((type) => !standard.includes(type)),
    declared,
  );
});
