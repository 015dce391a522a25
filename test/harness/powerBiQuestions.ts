import assert from 'node:assert/strict';

/** What a literal of M means, read by the language's own rules. */
export function meaningOfM(literal: string): string {
  assert.match(literal, /^"(?:[^"]|"")*"$/);
  return literal
    .slice(1, -1)
    .replaceAll('""', '"')
    .replaceAll(/#\((#|[0-9a-f]{4})\)/g, (_, what: string) =>
      what === '#' ? '#' : String.fromCharCode(Number.parseInt(what, 16)),
    );
}

/** The questions that a query of M asks a service, with `from` and `to` in the places of a stretch of time. */
export function questionsOfM(m: string, from: string, to: string): string[] {
  const slice: Readonly<Record<string, string>> = {
    'slice[From]': `datetime(${from})`,
    'slice[To]': `datetime(${to})`,
  };
  return [...m.matchAll(/Ask\((("(?:[^"]|"")*"|slice\[\w+\]| & )+)\)/g)].map(([, pieces]) =>
    [...pieces!.matchAll(/"(?:[^"]|"")*"|slice\[\w+\]/g)].map(([piece]) => slice[piece] ?? meaningOfM(piece)).join(''),
  );
}
