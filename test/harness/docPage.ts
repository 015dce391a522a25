/** A fenced block of a page: its language, its lines, and the file that the paragraph before it names. */
interface Fence {
  readonly language: string;
  readonly text: string;
  readonly path?: string;
}

/** What a page has its reader do, in its order. */
export type Step =
  | { readonly kind: 'file'; readonly path: string; readonly text: string; readonly language: string }
  | { readonly kind: 'set'; readonly name: string; readonly value: string }
  | { readonly kind: 'run'; readonly args: readonly string[]; readonly line: string; readonly code: number }
  | { readonly kind: 'shown'; readonly text: string }
  | { readonly kind: 'notRun'; readonly reason: string };

/** The languages a page may have: of commands, of what they tell, and of files. */
const FILES = ['kql', 'json', 'yaml', 'markdown'];

/**
 * The steps of a page of `docs/`. A block of KQL, JSON, YAML or Markdown is a file that the line before it names
 * (`` `hunts/silent.kql`: ``). A block of sh has a command a line; `# Ends with 4: why` says with what the next one ends, and
 * a block that begins with `# Needs ...` is for a person alone. A block of text is what the commands before it tell.
 * Throws an Error for anything else: a page holds nothing that nobody tried.
 */
export function readPage(markdown: string): readonly Step[] {
  return fencesOf(markdown).flatMap(({ language, text, path }): Step[] => {
    if (language === 'sh') return commandsOf(text);
    if (language === 'text') return [{ kind: 'shown', text }];
    if (!FILES.includes(language)) throw new Error(`A block of "${language}" cannot be tried:\n${text}`);
    if (path === undefined) throw new Error(`No line before this block names its file:\n${text}`);
    return [{ kind: 'file', path, text, language }];
  });
}

function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  const pattern = /^(`{3,})(\w*)\n([^]*?)^\1$/gm;
  for (const match of markdown.matchAll(pattern)) {
    const before = markdown.slice(0, match.index).trimEnd().split('\n').at(-1)!;
    const path = /`([\w./-]+)`:$/.exec(before)?.[1];
    fences.push({ language: match[2]!, text: match[3]!, ...(path === undefined ? {} : { path }) });
  }
  return fences;
}

function commandsOf(text: string): Step[] {
  const lines = text.replaceAll('\\\n', ' ').trimEnd().split('\n');
  const [needs] = lines;
  if (needs?.startsWith('# Needs ')) return [{ kind: 'notRun', reason: needs.slice(2) }];
  const steps: Step[] = [];
  let code = 0;
  for (const line of lines) {
    const ends = /^# Ends with (\d+):/.exec(line);
    const set = /^export (\w+)=(\S+)$/.exec(line);
    if (ends) code = Number(ends[1]);
    else if (set) steps.push({ kind: 'set', name: set[1]!, value: set[2]! });
    else if (line.startsWith('tenantscope ')) {
      steps.push({ kind: 'run', args: wordsOf(line).slice(1), line, code });
      code = 0;
    } else if (!line.startsWith('# ')) throw new Error(`This line cannot be tried: ${line}`);
  }
  return steps;
}

/** The words of a command, which has no pipes, variables or anything else that one shell does unlike another. */
function wordsOf(line: string): readonly string[] {
  const bare = line.replaceAll(/"[^"]*"|'[^']*'/g, '');
  if (/[$|<>&;`*?"'\\]/.test(line.replaceAll(/"[^"$`\\]*"|'[^']*'/g, '')) || /[$]/.test(bare))
    throw new Error(`This command means something else in another shell: ${line}`);
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((word) => word[1] ?? word[2] ?? word[3]!);
}

/**
 * The lines of `shown` that `told` does not have, in whatever order: rows come as workspaces answer. Numbers may be others,
 * spaces as many as they like, and `...` stands for anything within the line.
 */
export function missingLines(shown: string, told: string): readonly string[] {
  const lines = told.split(/\r?\n/).map(squeezed);
  return shown
    .trimEnd()
    .split('\n')
    .filter((line) => squeezed(line) !== '')
    .filter((line) => {
      const source = squeezed(line)
        .split(/ ?\.\.\. ?/)
        .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/\d+/g, String.raw`\d+`))
        .join('.*');
      const pattern = new RegExp(`^${source}$`);
      return !lines.some((candidate) => pattern.test(candidate));
    });
}

function squeezed(line: string): string {
  return line.replaceAll(/\s+/g, ' ').trim();
}
