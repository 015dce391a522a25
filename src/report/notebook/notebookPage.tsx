/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from '../draw.ts';
import { PAPER_CSS } from '../styles.ts';
import type { NotebookReport, ReportedAnswer, ReportedCell } from './notebookReport.ts';
import { NOTEBOOK_CSS } from './styles.ts';

/** Nothing but what is in the file: no script, no picture, frame or form from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** A notebook that was run as one document without scripts; its queries can be opened, its rows are there. */
export function notebookPage({ title, at, cells }: NotebookReport): VNode {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: `${PAPER_CSS}${NOTEBOOK_CSS}` }} />
      </head>
      <body>
        <main>
          <p class="dim">{`${title} · run at ${at}`}</p>
          {cells.map((cell) => (
            <Cell cell={cell} />
          ))}
        </main>
      </body>
    </html>
  );
}

function Cell({ cell }: { readonly cell: ReportedCell }): VNode {
  // The HTML is of `markdownHtml`, which lets no markup of the text through.
  if (cell.kind === 'text') return <section dangerouslySetInnerHTML={{ __html: cell.html }} />;
  const { name, query, asked, answer } = cell;
  return (
    <section class="cell" aria-label={name ?? 'Query'}>
      <details>
        <summary class="dim">{[name, asked].filter(Boolean).join(' · ')}</summary>
        <pre>{query}</pre>
      </details>
      <p class={`told ${answer.standing}`}>
        <span>{answer.sentence}</span>
        <span class="dim">{answer.took}</span>
      </p>
      {answer.notes.length > 0 && (
        <ul class="notes dim">
          {answer.notes.map((note) => (
            <li>{note}</li>
          ))}
        </ul>
      )}
      <Rows answer={answer} />
    </section>
  );
}

function Rows({ answer: { columns, rows, rowCount } }: { readonly answer: ReportedAnswer }): VNode | null {
  if (columns.length === 0) return null;
  const all = rowCount.toLocaleString('en-US');
  // How many there are stands above already; that these are not all of them does not.
  const cut = rows.length < rowCount ? `The first ${rows.length.toLocaleString('en-US')} of ${all} rows.` : undefined;
  return (
    <>
      {rows.length > 0 && (
        // A wide table scrolls by the keyboard, too.
        <div class="rows" tabIndex={0} role="region" aria-label="Rows">
          <table>
            <thead>
              <tr>
                {columns.map(({ name, isNumber }) => (
                  <th scope="col" class={isNumber ? 'number' : undefined}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr>
                  {row.map((cell, i) => (
                    <td class={columns[i]?.isNumber ? 'number' : undefined}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {cut !== undefined && <p class="dim">{cut}</p>}
    </>
  );
}
