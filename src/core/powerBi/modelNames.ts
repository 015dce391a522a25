/** The longest name that a model keeps of somebody's text: Analysis Services takes more, lists and files do not. */
const LONGEST = 100;

/** A text as a name of the model: one line without controls, not blank, with nothing before or behind it. */
export function modelName(text: string, otherwise: string): string {
  const plain = text
    .slice(0, LONGEST)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return plain === '' ? otherwise : plain;
}

/**
 * Names that differ in more than case, as a model wants them: the first of two keeps its own, the next is called
 * `Name_1`. The same rule as that of the lake's files (`engine/store/parquet.ts`).
 */
export function differentNames(names: readonly string[], taken: Iterable<string> = []): string[] {
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  const own = new Set(names.map((name) => name.toLowerCase()));
  return names.map((wanted) => {
    let name = wanted;
    for (let n = 1; used.has(name.toLowerCase()) || (n > 1 && own.has(name.toLowerCase())); n++)
      name = `${wanted}_${n}`;
    used.add(name.toLowerCase());
    return name;
  });
}

/** A text as a name of a file or folder on every system. */
export function fileName(text: string, otherwise: string): string {
  const safe = text
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 60);
  return safe === '' || /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(safe) ? otherwise : safe;
}
