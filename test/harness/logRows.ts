import type { Cell, Column } from '../../src/model/kqlType.ts';

/** Texts a column of that name could hold; rows of different tables get the same ones, so that joins meet. */
const BY_NAME: readonly (readonly [RegExp, readonly string[]])[] = [
  [/ip(v4|v6|addresses|address)?$/i, ['10.1.2.3', '203.0.113.7', '2001:db8::1', '']],
  [/upn$|user(principal)?name$|account$|mail|sender|recipient/i, ['ana@contoso.com', 'CONTOSO\\ben', 'svc-backup', '']],
  [/computer|device(name)?$|host/i, ['web-01.contoso.com', 'DC01', 'db-02']],
  [
    /^_?resourceid$|scope$/i,
    [
      '/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/rg/providers/microsoft.compute/virtualmachines/web-01',
      '',
    ],
  ],
  [
    /(subscription|tenant|correlation|object|session|report|device|app(lication)?)id$/i,
    ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222', ''],
  ],
  [/url|uri|domain/i, ['https://contoso.com/a/b?x=1&y=%20z', 'contoso.com', 'not a url']],
  [
    /commandline|process|file(name)?$|path/i,
    ['C:\\Windows\\System32\\cmd.exe /c whoami', 'powershell.exe -enc SQBFAFgA', '/usr/bin/curl', ''],
  ],
  [
    /agent/i,
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
      'curl/8.5.0',
    ],
  ],
  [/country|location|region/i, ['NO', 'DE', 'US']],
  [/result(type)?$|status|code$/i, ['0', '50126', 'Success', 'Failed']],
  [/^_isbillable$/i, ['True', 'False']],
  [
    /properties|details|fields|data$|info$|entities|resources?$|initiatedby|policies|json|solutions/i,
    [
      '{"a":1,"UserId":"ana@contoso.com","Name":"n","ipAddress":"10.1.2.3","nested":{"list":[{"Name":"IssuerUri","NewValue":"https://x"}]}}',
      '[{"ID":"1","Value":"v","displayName":"d","modifiedProperties":[{"displayName":"p","newValue":"[\\"q\\"]"}]}]',
      '{',
      '',
    ],
  ],
];
const ANY = ['', '0', 'Success', 'administrator', '2024-01-01T00:00:00Z', 'a,b;c|d', 'Ünïcode 中文'];
const DYNAMICS = [
  '{"a":1,"b":["x",null],"Name":"n"}',
  '[{"ID":"1","Value":"v"},{"ID":"2"}]',
  '[1,"two",null]',
  '"{\\"a\\":[1]}"',
  '7',
  null,
];

/**
 * Constants that queries compare a column with, by the column's name in lower case: rows made of them come through some
 * filters.
 */
export function constantsOf(queries: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const query of queries)
    for (const [, name, list] of query.matchAll(
      /\b([A-Za-z_]\w*)\s*(?:==|=~|has(?:_any|_cs)?|contains|startswith|endswith|in~?)\s*(\(?\s*(?:@?"[^"\\\n]{1,80}"\s*,?\s*){1,20})/g,
    )) {
      const known = found.get(name!.toLowerCase()) ?? new Set<string>();
      for (const [, text] of list!.matchAll(/"([^"]*)"/g)) if (known.size < 40) known.add(text!);
      found.set(name!.toLowerCase(), known);
    }
  return new Map([...found].map(([name, texts]) => [name, [...texts]]));
}

/** A value for row `row` of a column, the same for every table; times are of the last two days before `now` (ms). */
export function logCell(
  { name, type }: Column,
  row: number,
  constants: ReadonlyMap<string, readonly string[]>,
  now: number,
): Cell {
  const pick = <T>(values: readonly T[]): T => values[row % values.length]!;
  const said = constants.get(name.toLowerCase()) ?? [];
  switch (type) {
    case 'bool':
      return pick([true, false, null]);
    case 'int':
      return pick([...said.filter((t) => /^-?\d{1,9}$/.test(t)).map(Number), 0, 1, 3, -1, 443, null, 2_147_483_647]);
    case 'long':
      return pick([
        ...said.filter((t) => /^-?\d{1,15}$/.test(t)).map(Number),
        0,
        1,
        4624,
        1_000_003,
        null,
        9_223_372_036_854_775_807n,
      ]);
    case 'real':
      return pick([0, 1.5, 99.9, -0.25, null, 'NaN']);
    case 'decimal':
      return pick(['0.5', '12', null]);
    case 'datetime':
      return row % 7 === 6 ? null : new Date(now - row * 3_700_000).toISOString();
    case 'timespan':
      return pick(['00:00:01', '1.02:03:04.5', null]);
    case 'guid':
      return pick(['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222', null]);
    case 'dynamic':
      return pick([...DYNAMICS, ...said.slice(0, 3).map((t) => JSON.stringify(t))]);
    case 'string': {
      const named = BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? ANY;
      // One of each by turns.
      return said.length > 0 && row % 2 === 0
        ? said[(row / 2) % said.length]!
        : named[(said.length > 0 ? (row - 1) / 2 : row) % named.length]!;
    }
  }
}
