/** Tags read from text, or which part of it cannot be read. */
export type ParsedTags =
  | { readonly ok: true; readonly tags: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly message: string };

/**
 * `env=prod, note="a, b"`: tags as people type them. A name without `=` has an empty value; a value with a comma or a
 * quotation mark is quoted.
 */
export function parseTags(text: string): ParsedTags {
  const tags = new Map<string, string>();
  let rest = text.trim();
  while (rest !== '') {
    const match = /^([^=,"]+?)\s*(?:=\s*(?:"((?:[^"]|"")*)"|([^,"]*?)))?\s*(?:,\s*|$)/.exec(rest);
    if (!match)
      return {
        ok: false,
        message: `Write tags as name=value, name=value. This part cannot be read: ${rest.slice(0, 40)}`,
      };
    const name = match[1]!.trim();
    const taken = [...tags.keys()].find((other) => other.toLowerCase() === name.toLowerCase());
    if (taken !== undefined)
      return {
        ok: false,
        message:
          taken === name
            ? `The tag "${name}" is there twice.`
            : `"${name}" and "${taken}" are one tag, there twice: Azure does not tell the names of tags apart by case.`,
      };
    tags.set(name, match[2]?.replaceAll('""', '"') ?? match[3] ?? '');
    rest = rest.slice(match[0].length);
  }
  return { ok: true, tags: Object.fromEntries(tags) };
}

/** The text of `parseTags`. */
export function printTags(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([name, value]) =>
      value === '' ? name : `${name}=${/[,"]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value}`,
    )
    .join(', ');
}
