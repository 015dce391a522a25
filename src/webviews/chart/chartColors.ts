/** The theme's colours as CSS colours; series take the palette's in turn. */
export interface ChartColors {
  readonly foreground: string;
  readonly muted: string;
  readonly line: string;
  readonly background: string;
  readonly palette: readonly string[];
}
