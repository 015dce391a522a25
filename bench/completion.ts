import { existsSync, readFileSync } from 'node:fs';
import type { KqlType } from '../src/model/kqlType.ts';
import { guarded, kusto, list } from '../src/kql/kustoApi.ts';
import { LocalLanguageService } from '../src/kql/language/service.ts';
import { ScopeModel } from '../src/kql/language/scopeModel.ts';
import type { ScopeTable } from '../src/kql/scopeSchema.ts';

/** Microsoft's own call, bare: what ours is measured against. */
const MICROSOFT = kusto.Editor as {
  readonly KustoCodeService: {
    readonly $ctor1: new (
      text: string,
      globals: unknown,
    ) => { GetCompletionItems(offset: number): { readonly Items: unknown } | null };
  };
};

export interface BenchResult {
  readonly name: string;
  readonly ratio: number;
  readonly bar: number;
  readonly detail: string;
}

const TABLES = 925;
const ROUNDS = 9;
/** Where people complete: `^`. The comment makes every text a new one, so that nothing is answered from a cache. */
const TEXTS = [
  '// #\nHeart^',
  '// #\n$T | where ^',
  '// #\n$T | where TimeGenerated > ago(1h) | summarize co^',
  '// #\n$T | where TimeGenerated > ago(1h) | ^',
  '// #\nlet since = ago(1d);\n$T\n| where TimeGenerated > since\n| extend day = bin(TimeGenerated, 1d)\n| join kind=inner ($U | take 5) on TimeGenerated\n| project ^',
];

/**
 * Completion through the language service against Microsoft's own GetCompletionItems: the same texts, schema and
 * thread; the best of interleaved rounds, which other work on the machine disturbs least.
 */
export async function benchCompletion(): Promise<BenchResult[]> {
  const tables = schemaTables();
  const schemaId = 'bench';
  const service = new LocalLanguageService();
  const model = new ScopeModel();
  const schema = { schemaId, tables, functions: [], workspaces: 50 };
  await service.setSchema(schema);
  model.update(schema);
  const complete = async (text: string, offset: number): Promise<number> =>
    (await service.completion({ text, offset, schemaId })).items.length;
  const microsoft = (text: string, offset: number): number =>
    guarded(
      () =>
        list(new MICROSOFT.KustoCodeService.$ctor1(text, model.state).GetCompletionItems(offset)?.Items as never)
          .length,
    );
  let ours = 0,
    theirs = 0,
    count = 0,
    round = 0;
  const details: string[] = [];
  for (const template of TEXTS) {
    const marked = template.replace('$T', tables[100]!.name).replace('$U', tables[200]!.name);
    const mine: number[] = [],
      base: number[] = [];
    for (let i = -2; i < ROUNDS; i++) {
      const text = marked.replace('#', String(round++)).replace('^', '');
      const offset = text.length;
      const runs: (() => Promise<void>)[] = [
        async () => {
          const started = performance.now();
          count = await complete(text, offset);
          if (i >= 0) mine.push(performance.now() - started);
        },
        async () => {
          const started = performance.now();
          microsoft(text, offset);
          if (i >= 0) base.push(performance.now() - started);
        },
      ];
      for (const run of i % 2 ? runs : runs.reverse()) await run();
    }
    ours += Math.min(...mine);
    theirs += Math.min(...base);
    details.push(`${count} items ${Math.min(...mine).toFixed(1)}/${Math.min(...base).toFixed(1)} ms`);
  }
  return [
    {
      name: `completion over ${tables.length} tables against GetCompletionItems`,
      ratio: ours / theirs,
      bar: 1.2,
      detail: details.join('; '),
    },
  ];
}

/** The public table reference where it lies beside the project, else as many made-up tables of the same size. */
function schemaTables(): ScopeTable[] {
  const reference = new URL('../../shared/log-analytics-tables.json', import.meta.url);
  if (existsSync(reference)) {
    const known = JSON.parse(readFileSync(reference, 'utf8')) as Record<string, Record<string, KqlType>>;
    return Object.entries(known).map(([name, columns], i) => ({
      name,
      have: 50 - (i % 7),
      of: 50,
      columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
    }));
  }
  const types: readonly KqlType[] = [
    'string',
    'string',
    'string',
    'long',
    'datetime',
    'dynamic',
    'real',
    'bool',
    'int',
    'guid',
  ];
  return Array.from({ length: TABLES }, (_, i): ScopeTable => ({
    name: `Table${String(i).padStart(3, '0')}`,
    have: 50 - (i % 7),
    of: 50,
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      ...Array.from({ length: 20 + (i % 25) }, (_, j) => ({
        name: `Column${j}Of${i % 90}`,
        type: types[(i + j) % types.length]!,
      })),
    ],
  }));
}
