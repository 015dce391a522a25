import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { completeQuery } from '../../../src/cli/repl/completer.ts';
import { splitTyped } from '../../../src/cli/repl/dotCommands.ts';
import { HistoryFile, historyPath } from '../../../src/cli/repl/historyFile.ts';
import { isWhole } from '../../../src/cli/repl/inputEnd.ts';
import { placedError } from '../../../src/cli/output/placedError.ts';
import { Repl } from '../../../src/cli/repl/repl.ts';
import type { ReplWorld } from '../../../src/cli/repl/repl.ts';
import type { Terminal } from '../../../src/cli/output/terminal.ts';
import type { EngineDatabase, LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { LocalLanguageService } from '../../../src/kql/language/service.ts';
import { assertMode } from '../../harness/system.ts';

const CTRL_C = '\u0003',
  CTRL_D = '\u0004',
  TAB = '\t',
  UP = '\u001b[A';

/**
 * A person's screen and keys: what is shown of prompts and answers, in order, without the codes that move the cursor.
 */
class FakePerson {
  readonly keys = new PassThrough();
  shown = '';
  answers = '';
  readonly signal = new LocalSignal();
  private listeners: (() => void)[] = [];
  readonly terminal: Terminal;

  constructor() {
    const screen = new PassThrough();
    screen.setEncoding('utf8').on('data', (text: string) => {
      this.hear(text);
    });
    const write = (text: string): Promise<void> => {
      this.answers += text;
      this.hear(text);
      return Promise.resolve();
    };
    this.terminal = {
      colours: false,
      width: 100,
      interactive: true,
      errorIsScreen: true,
      keyboard: this.keys,
      screen,
      signal: this.signal,
      write,
      say: (text) => {
        this.hear(`${text}\n`);
      },
      writeBytes: () => Promise.resolve(),
      status: () => undefined,
      ask: () => Promise.resolve(''),
      readInput: () => Promise.resolve(''),
    };
  }

  type(text: string): void {
    this.keys.write(text);
  }

  /** Resolves when the screen shows it after what was seen before. */
  async sees(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.shown);
      if (found) {
        this.shown = this.shown.slice(found.index + found[0].length);
        return found[0];
      }
      await new Promise<void>((resolve) => {
        this.listeners.push(resolve);
      });
    }
  }

  private hear(text: string): void {
    // eslint-disable-next-line no-control-regex
    this.shown += text.replaceAll(/\u001b\[\d*[A-Z]/g, '');
    for (const listener of this.listeners.splice(0)) listener();
  }
}

describe('the prompt of kql', () => {
  let engine: LocalEngine, database: EngineDatabase;
  const language = new LocalLanguageService();
  before(async () => {
    engine = await openEngine({ threads: 1 });
    const table = await engine.createTable('local', 'Heartbeat', [
      { name: 'Computer', type: 'string' },
      { name: 'Version', type: 'long' },
    ]);
    await engine.append(table, [
      ['web-1', 3],
      ['web-2', 4],
    ]);
    database = {
      name: 'local',
      tables: [table],
      functions: [{ name: 'Everything', parameters: '', body: 'Heartbeat' }],
    };
  });
  after(() => engine.close());

  function start(rest: Partial<ReplWorld> = {}): { readonly person: FakePerson; readonly ended: Promise<void> } {
    const person = new FakePerson();
    return {
      person,
      ended: new Repl({
        engine,
        data: { database },
        terminal: person.terminal,
        language,
        format: 'csv',
        limit: 100,
        ...rest,
      }).run(),
    };
  }

  test('a query over several lines ends with a blank line, and one with ; at its line', async () => {
    const { person, ended } = start();
    await person.sees(/1 table|2 tables/);
    await person.sees(/kql> /);
    person.type('Heartbeat\n');
    await person.sees(/ {2}-> /);
    person.type('| where Version > 3 // ;\n| project Computer\n\n');
    await person.sees(/1 row in/);
    person.type('let least = 4;\nHeartbeat | where Version >= least | count;\n');
    await person.sees(/1 row in/);
    assert.equal(person.answers, 'Computer\r\nweb-2\r\nCount\r\n1\r\n');
    person.type(CTRL_D);
    await ended;
  });

  test('what is pasted while a query runs is asked after it', async () => {
    const { person, ended } = start();
    person.type('print a = 1;\nprint b = 2;\nprint c = 3\n\n');
    await person.sees(/3\r\n1 row in/);
    assert.equal(person.answers, 'a\r\n1\r\nb\r\n2\r\nc\r\n3\r\n');
    person.type('.quit\n');
    await ended;
  });

  test('an error stands under its place, in the words of the parser', async () => {
    const { person, ended } = start();
    person.type('Heartbeat\n| where Versoin > 3\n\n');
    await person.sees(
      /\| where Versoin > 3\n {8}\^{7}\nThe name 'Versoin' does not refer to any known column, table, variable or function\.\n/,
    );
    person.type('print 1 | evaluate python(typeof(*), "x");\n');
    await person.sees(/\^+\nThe plugin python\(\) is not supported/);
    await person.sees(/kql> /);
    person.type(CTRL_D);
    await ended;
  });

  test('Ctrl+C cancels the query that runs, and leaves what is typed', async () => {
    const { person, ended } = start();
    person.type(
      'range a from 1 to 100000000 step 1 | extend b = hash_sha256(tostring(a)) | summarize dcount(b), max(b);\n',
    );
    await person.sees(/max\(b\);/);
    person.type(CTRL_C);
    await person.sees(/Cancelled\./);
    person.type('Heartbeat\n| where\n');
    await person.sees(/-> .*-> /s);
    person.type(`half${CTRL_C}`);
    await person.sees(/\^C\nkql> /);
    person.type('print left = 1;\n');
    await person.sees(/left\r\n1\r\n/);
    person.type(CTRL_D);
    await ended;
    assert.equal(person.answers, 'left\r\n1\r\n');
  });

  test('the program being told to end ends it, with the query that runs', async () => {
    const { person, ended } = start();
    person.type(
      'range a from 1 to 100000000 step 1 | extend b = hash_sha256(tostring(a)) | summarize dcount(b), max(b);\n',
    );
    await person.sees(/max\(b\);/);
    person.signal.abort();
    await ended;
  });

  test('Tab completes tables, columns and commands', async () => {
    const { person, ended } = start();
    await person.sees(/kql> /);
    person.type(`Heartb${TAB}`);
    await person.sees(/Heartbeat/);
    person.type('\n');
    person.type(`| project Vers${TAB}`);
    await person.sees(/Version/);
    person.type(';\n');
    await person.sees(/Version\r\n3\r\n4\r\n/);
    person.type(`.sch${TAB}`);
    await person.sees(/\.schema/);
    person.type(` Heartb${TAB}`);
    await person.sees(/Heartbeat/);
    person.type('\n');
    await person.sees(/Column +Type\n-+ +-+\nComputer +string\nVersion +long\n/);
    person.type(CTRL_D);
    await ended;
  });

  test('dot commands', async () => {
    const { person, ended } = start();
    person.type('.tables\n');
    await person.sees(/Table +Columns +Rows\n[- ]+\nEverything\nHeartbeat +2 +2\n/);
    person.type('.schema Everything\n');
    await person.sees(/Computer +string\n/);
    person.type('.schema Heartbeat | summarize Seen = count() by Computer\n');
    await person.sees(/Computer +string\nSeen +long\n/);
    person.type('.explain Heartbeat\n| where Version > 3;\n');
    await person.sees(/(SELECT|WITH) [^]*kql> /);
    person.type('.format json\nprint n = 1;\n');
    await person.sees(/\[\n{"n":1}\n\]\n/);
    person.type('.format xml\n.wrong\n.help\n');
    await person.sees(/"xml" is not a format: table, json, csv\.[^]*"\.wrong" is not a command[^]*\.quit +the end/);
    person.type(CTRL_D);
    await ended;
  });

  test('.load makes a file a table that queries and Tab know; what is no file of rows is told', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'repl-load-'));
    writeFileSync(join(directory, 'Harbour.csv'), 'Ship,Tons\nAva,7\n');
    const { person, ended } = start();
    await person.sees(/kql> /);
    person.type(`.load ${join(directory, 'Harb')}`);
    person.type(TAB);
    await person.sees(/our\.csv/);
    person.type('\n');
    await person.sees(/Harbour: 2 columns\.[^]*kql> /);
    person.type('Harb');
    person.type(TAB);
    await person.sees(/our/);
    person.type(' | project Tons;\n');
    await person.sees(/Tons\r\n7\r\n/);
    person.type('.load\n.load nowhere.csv\n.load notes.txt\n');
    await person.sees(/Name a file: [^]*nowhere\.csv[^]*notes\.txt is no file of rows by its name/);
    person.type(CTRL_D);
    await ended;
    rmSync(directory, { recursive: true });
  });

  test('a path goes on after / everywhere, after \\ and a drive on Windows too', () => {
    const split = (typed: string, platform: NodeJS.Platform): string[] => {
      const { folder, name, separator } = splitTyped(typed, platform);
      return [folder, name, separator];
    };
    assert.deepEqual(split('a/b/Har', 'linux'), ['a/b/', 'Har', '/']);
    assert.deepEqual(split('a\\b', 'linux'), ['', 'a\\b', '/']);
    assert.deepEqual(split('C:\\logs\\Har', 'win32'), ['C:\\logs\\', 'Har', '\\']);
    assert.deepEqual(split('C:/logs/Har', 'win32'), ['C:/logs/', 'Har', '/']);
    assert.deepEqual(split('\\\\server\\share\\', 'win32'), ['\\\\server\\share\\', '', '\\']);
    assert.deepEqual(split('C:Har', 'win32'), ['C:', 'Har', '/']);
    assert.deepEqual(split('Har', 'win32'), ['', 'Har', '/']);
  });

  test('nothing of a cell, a name or a message moves the cursor', async () => {
    const person = new FakePerson();
    const ended = new Repl({
      engine,
      data: { database },
      terminal: person.terminal,
      language,
      format: 'table',
      limit: 100,
    }).run();
    person.type('print s = "\\u001b[2Jred\\u202e";\nprint x = Nowhere\u0007\u009b31m;\n');
    await person.sees(/1 row in[^]*(\u241b|\^)[^]*kql> /);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(person.answers, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    person.type(CTRL_D);
    await ended;
    const hostile = {
      completion: () =>
        Promise.resolve({
          range: { start: 0, end: 0 },
          items: ['Safe', 'Evil\u001b[2J'].map((name) => ({
            label: name,
            kind: 'table' as const,
            insertText: name,
            sortText: '',
            filterText: name,
          })),
        }),
    };
    assert.deepEqual(await completeQuery(hostile, '', new Set()), [['Safe'], '']);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(
      placedError({ message: 'bad \u001b[2J', data: { line: 1, column: 2, length: 1 } }, 'a\u001bb'),
      /\u001b/,
    );
  });

  test('the history gives back whole queries, in the next session too', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'repl-'));
    const path = historyPath({ XDG_STATE_HOME: directory }, '/nobody');
    const first = start({ history: HistoryFile.open(path, assert.fail) });
    first.person.type('print a = 1 // one\n| extend b = "x  y"\n\n');
    await first.person.sees(/1 row in/);
    first.person.type(`${UP}\n\n`);
    await first.person.sees(/1 row in/);
    first.person.type(CTRL_D);
    await first.ended;
    assert.equal(readFileSync(path, 'utf8'), 'print a = 1 | extend b = "x  y"\n');
    const second = start({ history: HistoryFile.open(path, assert.fail) });
    second.person.type(`${UP};\n`);
    await second.person.sees(/1,x {2}y\r\n1 row in/);
    second.person.type(CTRL_D);
    await second.ended;
    rmSync(directory, { recursive: true });
  });
});

describe('the history file', () => {
  test('lies in the state directory; a relative one counts as none', () => {
    assert.equal(historyPath({ XDG_STATE_HOME: '/state' }, '/home/a', 'linux'), '/state/tenantscope/kql-history');
    for (const env of [{ XDG_STATE_HOME: 'state' }, { LOCALAPPDATA: 'C:\\local' }])
      assert.equal(historyPath(env, '/home/a', 'darwin'), '/home/a/.local/state/tenantscope/kql-history');
  });

  test('lies in the local application data on Windows, where nobody looks below .local', () => {
    const local = 'C:\\Users\\a\\AppData\\Local';
    const expected = `${local}\\tenantscope\\kql-history`;
    assert.equal(historyPath({ LOCALAPPDATA: local }, 'C:\\Users\\a', 'win32'), expected);
    assert.equal(historyPath({}, 'C:\\Users\\a', 'win32'), expected);
    const state = { LOCALAPPDATA: local, XDG_STATE_HOME: 'D:\\state' };
    assert.equal(historyPath(state, 'C:\\Users\\a', 'win32'), 'D:\\state\\tenantscope\\kql-history');
  });

  test("is its owner's alone, limited, and holds nothing that moves the cursor", () => {
    const path = join(mkdtempSync(join(tmpdir(), 'history-')), 'sub', 'kql-history');
    HistoryFile.open(path, assert.fail).add('print 1');
    assertMode(path, 0o600);
    chmodSync(path, 0o644);
    writeFileSync(path, `${Array.from({ length: 3_000 }, (_, i) => `print ${i}`).join('\n')}\nprint "\u001b[2J"\n`);
    const history = HistoryFile.open(path, assert.fail);
    assert.deepEqual([history.entries.length, history.entries[0]], [1_000, 'print 2999']);
    assertMode(path, 0o600);
    history.add('print 2999');
    history.add(`print "${'x'.repeat(10_000)}"`);
    history.add('print ```two\nlines```');
    history.add('print 2500');
    assert.deepEqual(
      [history.entries.length, history.entries[0], history.entries[1]],
      [1_000, 'print 2500', 'print 2999'],
    );
    assert.equal(readFileSync(path, 'utf8').trimEnd().split('\n').length, 1_001);
    rmSync(dirname(dirname(path)), { recursive: true });
  });

  test('that cannot be written costs one sentence', () => {
    const directory = mkdtempSync(join(tmpdir(), 'history-'));
    const path = join(directory, 'kql-history');
    mkdirSync(path);
    const said: string[] = [];
    const history = HistoryFile.open(path, (text) => said.push(text));
    history.add('print 1');
    history.add('print 2');
    assert.equal(said.length, 1);
    assert.match(said[0]!, /^The history is not kept: /);
    assert.deepEqual(history.entries, ['print 2', 'print 1']);
    rmSync(directory, { recursive: true });
  });
});

test('where a query ends', () => {
  for (const whole of [
    'T;',
    'T | count; // done',
    'T\n',
    'T\n| count\n',
    'let a = 1;\nT;',
    'print ```a\n\nb```;',
    'print ";";',
  ])
    assert.ok(isWhole(whole), whole);
  for (const part of [
    '',
    '\n',
    '// only;\n',
    'T',
    'T // ;',
    'let a = 1;',
    'let a = 1;\n',
    'set notruncation;\n',
    'let f = (x:long) { let y = 1;',
    'print ```a\n\n',
    'print ";"',
  ])
    assert.ok(!isWhole(part), part);
});
