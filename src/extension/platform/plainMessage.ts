import { visibleLines } from '../../base/visibleText.ts';

/**
 * Text for a message, a box or a progress of VS Code, which makes links of `[label](command:...)` and runs what they
 * name when they are clicked.
 * Names come from files, workspaces and queries of others: none of ours has a link, so every one is taken apart.
 */
export function plainMessage(text: string): string {
  return visibleLines(text).replaceAll('](', '] (');
}
