import type { Column } from '../../model/kqlType.ts';
import type { Asked, Command } from './commandPattern.ts';
import { pattern, tableOf } from './commandPattern.ts';
import { toColumns, toName, toProperties, toText } from './commandText.ts';
import { commandAnswer } from './frames.ts';
import { entityNotFound, kustoError } from './kustoError.ts';

const text = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'string' as const }));

/** Tables, functions, mappings and policies. */
export const schemaCommands: readonly Command[] = [
  {
    pattern: pattern('[.]show tables'),
    needs: 'query',
    run: ({ database }) =>
      commandAnswer(
        text('TableName', 'DatabaseName', 'Folder', 'DocString'),
        [...database.tables.values()].map(({ name, folder, docstring }) => [name, database.name, folder, docstring]),
      ),
  },
  {
    pattern: pattern('[.]show table NAME cslschema'),
    needs: 'query',
    run: (asked, [name]) => schemaAnswer(asked, toName(name!)),
  },
  {
    pattern: pattern('[.]show table NAME schema as json'),
    needs: 'query',
    run: (asked, [name]) => {
      const { columns, folder, docstring } = tableOf(asked, toName(name!));
      const schema = {
        Name: toName(name!),
        OrderedColumns: columns.map((column) => ({ Name: column.name, CslType: column.type })),
      };
      return commandAnswer(text('TableName', 'Schema', 'DatabaseName', 'Folder', 'DocString'), [
        [toName(name!), JSON.stringify(schema), asked.database.name, folder, docstring],
      ]);
    },
  },
  {
    pattern: pattern('[.]show table NAME ingestion json mappings'),
    needs: 'query',
    run: (asked, [name]) =>
      commandAnswer(
        text('Name', 'Kind', 'Mapping', 'Database', 'Table'),
        [...tableOf(asked, toName(name!)).mappings].map(([mapping, entries]) => [
          mapping,
          'Json',
          JSON.stringify(entries.map(({ column, path }) => ({ column, Properties: { Path: path } }))),
          asked.database.name,
          toName(name!),
        ]),
      ),
  },
  {
    pattern: pattern('[.]show functions'),
    needs: 'query',
    run: ({ database }) =>
      commandAnswer(
        text('Name', 'Parameters', 'Body', 'Folder', 'DocString'),
        [...database.functions.values()].map((one) => [
          one.name,
          one.parameters,
          `{${one.body}}`,
          one.folder,
          one.docstring,
        ]),
      ),
  },
  {
    pattern: pattern(String.raw`[.]create-merge table NAME\s*\((.*?)\)(?:\s*with\s*\((.*)\))?`),
    needs: 'define',
    run: createMerge,
  },
  {
    pattern: pattern(
      String.raw`[.]create-or-alter function(?:\s+with\s*\(((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^)'"])*)\))?\s+NAME\s*(\([^{]*\))\s*\{(.*)\}`,
    ),
    needs: 'define',
    run: ({ database, world }, [properties, name, parameters, body]) => {
      const given = toProperties(properties!);
      const made = {
        name: toName(name!),
        parameters: parameters!,
        body: body!,
        folder: given.get('folder') ?? '',
        docstring: given.get('docstring') ?? '',
      };
      database.functions.set(made.name, made);
      world.touch();
      return commandAnswer(text('Name', 'Parameters', 'Body', 'Folder', 'DocString'), [
        [made.name, made.parameters, `{${made.body}}`, made.folder, made.docstring],
      ]);
    },
  },
  {
    pattern: pattern('[.]drop function NAME(?: ifexists)?'),
    needs: 'remove',
    run: ({ database, world }, [name]) => {
      database.functions.delete(toName(name!));
      world.touch();
      return commandAnswer(text('Name'), []);
    },
  },
  {
    pattern: pattern('[.]create-or-alter table NAME ingestion json mapping (\'[^\']*\'|"[^"]*") (.*)'),
    needs: 'ingest',
    run: createMapping,
  },
  {
    pattern: pattern('[.]alter table NAME policy (streamingingestion|ingestionbatching) (.*)'),
    needs: 'define',
    run: (asked, [name, policy, value]) => {
      const table = tableOf(asked, toName(name!));
      const read = toText(value!);
      table.policies.set(
        policy!.toLowerCase(),
        /^(enable|disable)$/i.test(read) ? JSON.stringify({ IsEnabled: /^enable$/i.test(read) }) : read,
      );
      asked.world.touch();
      return policyAnswer(asked, table.name, policy!.toLowerCase());
    },
  },
  {
    pattern: pattern('[.]show table NAME policy (streamingingestion|ingestionbatching)'),
    needs: 'query',
    run: (asked, [name, policy]) => policyAnswer(asked, toName(name!), policy!.toLowerCase()),
  },
];

function schemaAnswer(asked: Asked, name: string): string {
  const { columns, folder, docstring } = tableOf(asked, name);
  const schema = columns.map((column) => `${bracketed(column.name)}:${column.type}`).join(',');
  return commandAnswer(text('TableName', 'Schema', 'DatabaseName', 'Folder', 'DocString'), [
    [name, schema, asked.database.name, folder, docstring],
  ]);
}

function bracketed(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `['${name.replaceAll(/[\\']/g, String.raw`\$&`)}']`;
}

/** Adds columns at the end, never takes one away; one of another type fails the command (DX create-merge-table). */
function createMerge(asked: Asked, [written, schema, properties]: readonly string[]): string {
  const { ctx, database, world } = asked;
  const name = toName(written!);
  const columns = toColumns(schema!);
  if (!columns)
    throw kustoError(ctx, {
      status: 400,
      code: 'BadRequest_SyntaxError',
      type: 'SyntaxException',
      message: `Syntax error: the columns of ${name} are not readable.`,
    });
  const there = database.tables.get(name);
  for (const { name: column, type } of columns) {
    const was = there?.columns.find((one) => one.name === column);
    if (was && was.type !== type)
      throw kustoError(ctx, {
        status: 400,
        code: 'BadRequest_EntityTypeMismatch',
        type: 'UpdateTableSchemaException',
        message: `Column '${column}' of table '${name}' is of type '${was.type}', which '${type}' is not.`,
      });
  }
  const given = toProperties(properties!);
  const table = there ?? {
    name,
    columns: [],
    folder: '',
    docstring: '',
    policies: new Map<string, string>(),
    mappings: new Map(),
    extents: [],
  };
  table.columns = [...table.columns, ...columns.filter((one) => table.columns.every(({ name: n }) => n !== one.name))];
  table.folder = given.get('folder') ?? table.folder;
  table.docstring = given.get('docstring') ?? table.docstring;
  database.tables.set(name, table);
  world.touch();
  return schemaAnswer(asked, name);
}

function createMapping(asked: Asked, [name, mapping, written]: readonly string[]): string {
  const table = tableOf(asked, toName(name!));
  // The text of a mapping may go on from quote to quote.
  const json = [...written!.matchAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|```.*?```/gs)]
    .map(([one]) => toText(one))
    .join('');
  let entries: { column?: string; Properties?: { Path?: string } }[];
  try {
    entries = JSON.parse(json) as typeof entries;
  } catch {
    throw kustoError(asked.ctx, {
      status: 400,
      code: 'BadRequest_InvalidMapping',
      type: 'KustoBadRequestException',
      message: `The mapping of ${table.name} is no JSON.`,
    });
  }
  const unknown = entries.find(({ column }) => table.columns.every((one) => one.name !== column));
  if (unknown) throw entityNotFound(asked.ctx, 'Column', String(unknown.column));
  table.mappings.set(
    toText(mapping!),
    entries.map(({ column, Properties }) => ({ column: column!, path: Properties?.Path ?? '' })),
  );
  asked.world.touch();
  return commandAnswer(text('Name', 'Kind', 'Mapping', 'Database', 'Table'), [
    [toText(mapping!), 'Json', json, asked.database.name, table.name],
  ]);
}

function policyAnswer(asked: Asked, name: string, policy: string): string {
  const table = tableOf(asked, name);
  return commandAnswer(text('PolicyName', 'EntityName', 'Policy', 'ChildEntities', 'EntityType'), [
    [policy, `[${asked.database.name}].[${name}]`, table.policies.get(policy) ?? 'null', '', 'Table'],
  ]);
}
