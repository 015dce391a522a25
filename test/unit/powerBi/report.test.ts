import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { powerBiProject } from '../../../src/core/powerBi/project.ts';
import type { PowerBiRollup } from '../../../src/core/powerBi/factColumn.ts';
import { readTmdl } from './readTmdl.ts';
import { against, RULES } from './pbirRules.ts';
import { BEATS, HOSTILE, LOAD, SIGN_INS, SOURCES } from './rollups.ts';

const ALL = [SIGN_INS, BEATS, LOAD, HOSTILE];
const projectOf = (rollups: readonly PowerBiRollup[], name = 'Centre'): ReadonlyMap<string, string> =>
  powerBiProject({ name, source: SOURCES[1]!, rollups, customers: [] }).files;

interface Json {
  readonly $schema: string;
  readonly [member: string]: unknown;
}
/** The JSON files of a project, by path. */
function jsonOf(files: ReadonlyMap<string, string>): Map<string, Json> {
  const found = [...files].filter(([path]) => /\.(?:json|pbi[a-z]+)$/.test(path));
  return new Map(found.map(([path, text]) => [path, JSON.parse(text) as Json]));
}

interface VisualFile extends Json {
  readonly position: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly visual: {
    readonly visualType: string;
    readonly query: { readonly queryState: Readonly<Record<string, { projections: readonly { field: FieldJson }[] }>> };
  };
}
type FieldJson = Readonly<
  Partial<Record<'Column' | 'Measure', { Expression: { SourceRef: { Entity: string } }; Property: string }>>
>;

describe('the report of a project', () => {
  it('every file is as its schema asks', () => {
    const files = jsonOf(projectOf(ALL));
    const kinds = new Set<string>();
    for (const [path, { $schema, ...content }] of files) {
      assert.ok(RULES[$schema], path);
      assert.deepEqual(against(RULES[$schema], content), [], path);
      kinds.add($schema);
    }
    assert.deepEqual([...kinds].sort(), Object.keys(RULES).sort(), 'and there is one of each kind');
  });

  it('a file that is not is told by what is wrong with it', () => {
    const rule =
      RULES['https://developer.microsoft.com/json-schemas/fabric/item/report/definition/page/2.1.0/schema.json']!;
    const page = { name: 'a b', displayName: 'A', displayOption: 'FitToPage', height: '720', colour: 1 };
    assert.deepEqual(against(rule, page), [
      '/width is missing',
      '/name: "a b"',
      '/height: "720"',
      '/colour is nothing that can be there',
    ]);
  });

  const schemas = process.env['TENANTSCOPE_POWERBI_SCHEMAS'];
  it(
    "Microsoft's own schemas say so, too",
    { skip: schemas === undefined && 'TENANTSCOPE_POWERBI_SCHEMAS names no folder of microsoft/json-schemas' },
    async () => {
      const ajv = new Ajv({ strict: false });
      const root = 'https://developer.microsoft.com/json-schemas/';
      for (const file of await readdir(schemas!, { recursive: true })) {
        if (!/^fabric.*\.json$/.test(file)) continue;
        const { $id: _ours, ...schema } = JSON.parse(await readFile(join(schemas!, file), 'utf8')) as { $id: string };
        ajv.addSchema({ ...schema, $id: root + file.split(sep).join('/') });
      }
      for (const [path, content] of jsonOf(projectOf(ALL)))
        assert.ok(ajv.validate(content.$schema, content), `${path}: ${ajv.errorsText()}`);
    },
  );

  it('shows only what the model has, within its pages, with room between visuals', () => {
    const files = projectOf(ALL);
    const model = new Map<string, Set<string>>();
    for (const [path, text] of files)
      if (path.includes('/tables/'))
        for (const { kind, name, children } of readTmdl(text).objects)
          if (kind === 'table') model.set(name!, new Set(children!.map((child) => `${child.kind} ${child.name!}`)));
    const json = jsonOf(files);
    for (const page of ['overview', 'detail']) {
      const { width, height } = json.get(`Centre.Report/definition/pages/${page}/page.json`) as unknown as {
        width: number;
        height: number;
      };
      const visuals = [...json]
        .filter(([path]) => path.includes(`/${page}/visuals/`))
        .map(([, one]) => one as VisualFile);
      for (const { visual } of visuals)
        for (const { projections } of Object.values(visual.query.queryState))
          for (const { field } of projections)
            for (const [kind, { Expression, Property }] of Object.entries(field))
              assert.ok(model.get(Expression.SourceRef.Entity)?.has(`${kind.toLowerCase()} ${Property}`), Property);
      for (const [i, { position: one }] of visuals.entries()) {
        assert.ok(one.x >= 0 && one.y >= 0 && one.x + one.width <= width && one.y + one.height <= height);
        for (const { position: other } of visuals.slice(i + 1))
          assert.ok(
            one.x + one.width < other.x ||
              other.x + other.width < one.x ||
              one.y + one.height < other.y ||
              other.y + other.height < one.y,
          );
      }
    }
  });

  it('has two pages: how much and when by customer, and the rows with slicers', () => {
    const visuals = (page: string): string[] =>
      [...jsonOf(projectOf([BEATS]))]
        .filter(([path]) => path.includes(`/${page}/visuals/`))
        .map(([, one]) => (one as VisualFile).visual.visualType);
    assert.deepEqual(visuals('overview'), ['card', 'card', 'clusteredBarChart', 'lineChart']);
    assert.deepEqual(visuals('detail'), ['slicer', 'slicer', 'tableEx']);
  });

  it('has no bars by customer of groups that are of several, and says so', () => {
    const { files, notes } = powerBiProject({
      name: 'x',
      source: SOURCES[1]!,
      rollups: [LOAD],
      customers: ['Contoso'],
    });
    assert.deepEqual(
      notes.map((note) => /^The groups of Load are of several customers/.test(note)),
      [true],
    );
    const text = [...files.values()].join('\n');
    assert.doesNotMatch(text, /clusteredBarChart|Customers/);
  });

  it('of a lake, a summary that is more than added up is refused with what to do', () => {
    assert.throws(() => powerBiProject({ name: 'x', source: SOURCES[0]!, rollups: [LOAD], customers: [] }), {
      code: 'input.rollup',
      message: /answer of Load of the files of a lake.*Log Analytics or Data Explorer/,
    });
  });

  it('its files have names that every system takes, and no customer or row in them', () => {
    for (const path of projectOf(ALL, 'a/b:c "d"').keys()) assert.match(path, /^[\w./-]+$/);
    assert.ok([...projectOf([BEATS], '../..').keys()].includes('Centre.pbip'));
  });
});
