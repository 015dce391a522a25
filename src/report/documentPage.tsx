/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from './draw.ts';
import { PAPER_CSS, REPORT_CSS } from './styles.ts';

/**
 * The document around a page: its policy forbids scripts and anything from elsewhere. `css` comes after the report's.
 */
export function documentPage(title: string, body: VNode, css = ''): VNode {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: `${PAPER_CSS}${REPORT_CSS}${css}` }} />
      </head>
      <body>
        <main>{body}</main>
      </body>
    </html>
  );
}
