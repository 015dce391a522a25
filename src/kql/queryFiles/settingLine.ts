/** What a setting of a file means (`// @window 15m`), and values that are often meant. */
export interface SettingWords {
  readonly about: string;
  readonly values: readonly string[];
}

/** What each setting that a file may have means, in the order in which they are offered. */
export type WordsOfSettings = Readonly<Record<string, SettingWords>>;

/** What is offered at a place of a line, and from which column on it takes the place of what stands there. */
interface OfferedSettings {
  readonly column: number;
  readonly kind: 'setting' | 'value';
  readonly offered: readonly { readonly text: string; readonly about?: string; readonly hasValues?: boolean }[];
}

const NAME = /^(\s*\/\/\s*@)([A-Za-z]*)$/;
const VALUE = /^\s*\/\/\s*@([A-Za-z]+)\s+(.*)$/;
const WHOLE = /^(\s*\/\/\s*@)([A-Za-z]+)/;

/** The settings behind `// @`, and what is often meant behind the name of one. `before`: the line up to the cursor. */
export function settingsOfferedAt(before: string, words: WordsOfSettings): OfferedSettings | undefined {
  const name = NAME.exec(before);
  if (name)
    return {
      column: name[1]!.length,
      kind: 'setting',
      offered: Object.entries(words).map(([text, { about, values }]) => ({
        text,
        about,
        hasValues: values.length > 0,
      })),
    };
  const value = VALUE.exec(before);
  const setting = value && findSetting(value[1]!, words);
  if (!value || !setting) return undefined;
  return {
    column: before.length - value[2]!.length,
    kind: 'value',
    offered: words[setting]!.values.map((text) => ({ text })),
  };
}

/** The setting whose name stands in a line at this column, what it means, and where it begins and ends. */
export function settingAt(
  line: string,
  column: number,
  words: WordsOfSettings,
): { readonly setting: string; readonly text: string; readonly from: number; readonly to: number } | undefined {
  const found = WHOLE.exec(line);
  const setting = found && findSetting(found[2]!, words);
  if (!found || !setting) return undefined;
  const [from, to] = [found[1]!.length, found[0].length];
  if (column < from || column > to) return undefined;
  const { about, values } = words[setting]!;
  return { setting, text: values.length > 0 ? `${about} Such as ${values.join(', ')}.` : about, from, to };
}

function findSetting(name: string, words: WordsOfSettings): string | undefined {
  return Object.keys(words).find((one) => one.toLowerCase() === name.toLowerCase());
}
