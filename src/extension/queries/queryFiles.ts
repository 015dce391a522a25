/** A file of queries as the tree shows it: its folders and its name. */
export type QueryEntry =
  | { readonly kind: 'folder'; readonly id: string; readonly label: string; readonly children: readonly QueryEntry[] }
  | { readonly kind: 'file'; readonly id: string; readonly label: string };

/**
 * Files (paths relative to `root`, `/` between parts) as a tree: folders first, then files, each by name. `id` is an
 * address: root (a URI) plus the encoded path.
 */
export function toQueryTree(paths: readonly string[], root: string): QueryEntry[] {
  const folders = new Map<string, string[]>();
  const files: string[] = [];
  for (const path of paths) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      files.push(path);
      continue;
    }
    const name = path.slice(0, slash);
    folders.set(name, [...(folders.get(name) ?? []), path.slice(slash + 1)]);
  }
  const byName = (a: string, b: string): number => a.localeCompare(b);
  return [
    ...[...folders.keys()].sort(byName).map((name): QueryEntry => ({
      kind: 'folder',
      id: `${root}/${encodeURIComponent(name)}`,
      label: name,
      children: toQueryTree(folders.get(name)!, `${root}/${encodeURIComponent(name)}`),
    })),
    ...files.sort(byName).map((name): QueryEntry => ({
      kind: 'file',
      id: `${root}/${encodeURIComponent(name)}`,
      label: name.replace(/\.(kql|kusto|csl)$/i, ''),
    })),
  ];
}

/** A file name for a query called `title`. */
export function fileNameOf(title: string): string {
  return `${
    title
      .trim()
      .replace(/[\\/:*?"<>|\p{Cc}]+/gu, '-')
      .replace(/^\.+|\.+$/g, '')
      .slice(0, 80) || 'query'
  }.kql`;
}
