import { visibleText } from '../../base/visibleText.ts';

/**
 * Text of others for a line of a pick, a lens or the status bar, where VS Code draws an icon for `$(name)`
 * (code.visualstudio.com/api/references/icons-in-labels); a blank between the two leaves the text.
 */
export function plainLabel(text: string): string {
  return visibleText(text).replaceAll('$(', '$ (');
}
