import { isDeviceName } from '../../core/runs/customerFileNames.ts';

/** Characters of a name at most: four bytes each, and an ending, fit into the 255 bytes of a name everywhere. */
const LONGEST = 50;

/**
 * A file name for each title, in their order: letters, digits, `.`, `_` and `-` alone, so that none leads out of its
 * folder, and each once, also where capitals do not count.
 */
export function resultFileNames(titles: readonly string[], ending: string): readonly string[] {
  const taken = new Set<string>();
  return titles.map((title) => {
    const words = title.normalize('NFC').replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');
    const cut = [...words.replace(/^[-.]+/, '')]
      .slice(0, LONGEST)
      .join('')
      .replace(/[-.]+$/, '');
    const stem = cut === '' ? 'query' : isDeviceName(cut) ? `_${cut}` : cut;
    for (let n = 1; ; n++) {
      const name = `${stem}${n > 1 ? `-${n}` : ''}`;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return `${name}.${ending}`;
    }
  });
}
