export interface PageSources {
  readonly script: string;
  readonly chartScript: string;
  readonly style: string;
  readonly cspSource: string;
  readonly nonce: string;
}

/**
 * The Results page: one script with a nonce, one style sheet (its icon font inside), nothing from anywhere else, no
 * eval, no inline
 * style. The chart's script is loaded later by the page itself, with the address and the nonce that stand on the first
 * one. The
 * script is in the head because the page replaces everything in the body.
 */
export function resultsPageHtml({ script, chartScript, style, cspSource, nonce }: PageSources): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource} data:`,
    `img-src ${cspSource} data:`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Log Results</title>
  <link rel="stylesheet" href="${style}">
  <script defer nonce="${nonce}" src="${script}" data-chart="${chartScript}"></script>
</head>
<body></body>
</html>`;
}
