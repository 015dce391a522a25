import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DefaultSettings, TaskUtils } from '@microsoft/powerquery-parser';
import { factQuery } from '../../../src/core/powerBi/factQuery.ts';
import { factsOf } from '../../../src/core/powerBi/facts.ts';
import type { PowerBiRollup } from '../../../src/core/powerBi/factColumn.ts';
import { mName, mText } from '../../../src/core/powerBi/mText.ts';
import { sharedQueries } from '../../../src/core/powerBi/sharedQueries.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import { meaningOfM, questionsOfM } from '../../harness/powerBiQuestions.ts';
import { HOSTILE_TEXTS } from '../../fixtures/hostileTexts.ts';
import { BEATS, HOSTILE, LOAD, SIGN_INS, SOURCES } from './rollups.ts';

/** Why Microsoft's parser refuses a text of M; undefined where it takes it. */
async function refusal(m: string): Promise<string | undefined> {
  const task = await TaskUtils.tryLexParse(DefaultSettings, m);
  return TaskUtils.isError(task) ? task.error.message : undefined;
}

function query(rollup: PowerBiRollup, at: number): string {
  const { kind } = SOURCES[at]!;
  return factQuery(factsOf([rollup])[0]!, kind);
}

const questions = (m: string): string[] => questionsOfM(m, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z');

describe('the M of a project', () => {
  for (const [at, source] of SOURCES.entries()) {
    it(`over ${source.kind} is M to Microsoft's parser: parameters, functions, and the rows of each roll-up`, async () => {
      for (const { name, m } of sharedQueries(source)) assert.equal(await refusal(m), undefined, name);
      for (const rollup of [SIGN_INS, BEATS, HOSTILE, ...(source.kind === 'lake' ? [] : [LOAD])])
        assert.equal(await refusal(query(rollup, at)), undefined, rollup.table.id);
    });
  }

  it('is refused by that parser where it is broken', async () => {
    const m = query(SIGN_INS, 1);
    assert.match((await refusal(m.replace('\nin', ',\nin')))!, /comma/);
    assert.ok(await refusal(m.replace('"', '')));
    assert.ok(await refusal(m.replace(/\)$/m, '')));
  });

  it('any text is one literal and any name one name, which mean what they say', async () => {
    for (const text of [...HOSTILE_TEXTS, '#(lf)', '#(', '#(#)', '"#(cr,lf)"', '#\n(', '']) {
      assert.equal(meaningOfM(mText(text)), text);
      assert.doesNotMatch(mText(text), /[\u0000-\u001f\u2028\u2029]/);
      assert.equal(await refusal(`[${mName(text === '' ? 'a' : text)} = ${mText(text)}]`), undefined, text);
    }
  });

  it('asks a service stretch by stretch, by name and for the columns by name', () => {
    assert.deepEqual(questions(query(SIGN_INS, 1)), [
      'SignIns_Rows | where _WindowStart >= datetime(2026-01-01T00:00:00Z) and _WindowStart < datetime(2026-01-02T00:00:00Z) | project _Customer, _Tenant, _Workspace, _WindowStart, _WindowEnd, TimeGenerated, User, Took, Cost, Properties',
    ]);
    assert.deepEqual(questions(query(BEATS, 2)), [
      'Beats_Rows | where Hour >= datetime(2026-01-01T00:00:00Z) and Hour < datetime(2026-01-02T00:00:00Z) | summarize _WindowEnd = max(_WindowEnd), Beats = sum(Beats), Last = max(Last) by _Customer, _Tenant, _Workspace, Hour, Computer',
    ]);
    assert.deepEqual(questions(query(LOAD, 1)), [
      'let part1 = (Load_Rows | project _Customer, _Tenant, _Workspace, Hour, Load_sum, Load_count);\npart1 | summarize Load = sum(Load_sum) / sum(Load_count) by Hour\n | where Hour >= datetime(2026-01-01T00:00:00Z) and Hour < datetime(2026-01-02T00:00:00Z) | project Hour, Load',
    ]);
  });

  it('asks in KQL that means those columns, whatever they are called', async (t) => {
    const [fact] = factsOf([HOSTILE]);
    const [kql] = questions(query(HOSTILE, 1));
    const engine = await openEngine();
    t.after(() => engine.close());
    const table = await engine.createTable(
      'main',
      HOSTILE.rowsOnce,
      fact!.columns.map(({ source: name, type }) => ({ name, type })),
    );
    const { tables } = await engine.query(kql!, { database: { name: 'centre', tables: [table] } });
    assert.deepEqual(
      tables[0]!.columns.map(({ name }) => name),
      fact!.columns.map(({ source }) => source),
    );
  });

  it('asks for the groups of a summary whole: a late part is added to the one it belongs to', async (t) => {
    const engine = await openEngine();
    t.after(() => engine.close());
    const columns = [...ROLLUP_COLUMNS, ...BEATS.table.columns];
    const table = await engine.createTable('main', BEATS.rowsOnce, columns);
    const part = (customer: string, window: number, hour: number, beats: number): Cell[] => {
      const at = (ended: number): string => `2026-01-01T${String(ended).padStart(2, '0')}:00:00Z`;
      return [
        customer,
        't',
        'w',
        'r',
        at(window),
        at(window + 1),
        `${customer}${window}`,
        at(hour),
        'pc',
        beats,
        at(window),
      ];
    };
    await engine.append(table, [part('Contoso', 3, 3, 10), part('Contoso', 7, 3, 2), part('Fabrikam', 3, 3, 5)]);
    const [kql] = questions(query(BEATS, 1));
    const { tables } = await engine.query(`${kql!} | project _Customer, Beats | sort by _Customer asc`, {
      database: { name: 'centre', tables: [table] },
    });
    assert.deepEqual(await tables[0]!.rows(), [
      ['Contoso', 12],
      ['Fabrikam', 5],
    ]);
  });

  it('gives every column a type, decimals too, and reads times as UTC and timespans as seconds', () => {
    const typed = /Typed = (.*)/.exec(query(SIGN_INS, 1))![1]!;
    assert.match(typed, /\{"Cost", AsNumber, type nullable number\}/);
    assert.match(typed, /\{"TimeGenerated", AsUtc, type nullable datetime\}/);
    assert.match(typed, /\{"Took", AsSeconds, type nullable number\}/);
  });

  it('an answer that the service cut is an error, and an address is written so that the service refreshes it', () => {
    const { m } = sharedQueries(SOURCES[1]!).find(({ name }) => name === 'Ask')!;
    assert.match(m, /Record\.FieldOrDefault\(Answer, "error", null\)/);
    assert.match(m, /if Refused = null then Answer\[tables\]\{0\} else error Error\.Record\(/);
    assert.match(
      m,
      /Web\.Contents\("https:\/\/api\.loganalytics\.azure\.com", \[\n\s+RelativePath = "v1\/workspaces\/" & WorkspaceId/,
    );
  });

  it('of a lake it merges the parts of a summary for each customer, and leaves out groups that are not whole', () => {
    const m = query(BEATS, 0);
    assert.match(m, /ReadLake\("Beats-4d5e6f70", \{[^}]*\}, Date\.AddDays\(Date\.From\(FirstDay\), -1\)\)/);
    assert.match(
      m,
      /Table\.Group\(Named, \{"_Customer", "_Tenant", "_Workspace", "Hour", "Computer"\}, \{\{"_WindowEnd", each List\.Max\(List\.Transform\(\[_WindowEnd\], AsUtc\)\)\}, \{"Beats", each List\.Sum\(List\.Transform\(\[Beats\], AsWhole\)\)\}, \{"Last", each List\.Max\(List\.Transform\(\[Last\], AsUtc\)\)\}\}\)/,
    );
    assert.match(m, /each \[Hour\] <> null and AsUtc\(\[Hour\]\) >= FirstDay/);
  });
});
