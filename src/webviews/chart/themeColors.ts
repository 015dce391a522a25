import { themeColor } from '../shell/theme.ts';
import type { ChartColors } from './chartColors.ts';
import { paletteFor } from './palette.ts';

/** The theme's colours now, and a palette for series that can be read on its background. */
export function themeColors(): ChartColors {
  const foreground = themeColor('foreground', '#cccccc');
  const page = themeColor('panel-background', themeColor('editor-background', '#1e1e1e'));
  return {
    foreground,
    muted: themeColor('descriptionForeground', foreground),
    line: themeColor('panel-border', '#80808059'),
    background: themeColor('editorWidget-background', '#252526'),
    palette: paletteFor(page, document.body.className.includes('high-contrast')),
  };
}
