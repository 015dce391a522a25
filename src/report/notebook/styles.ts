/** What a notebook's report looks like, with the colours of `PAPER_CSS`. */
export const NOTEBOOK_CSS = `
main{max-width:1180px;margin:0 auto;padding:18px 22px 40px}
h1{font-size:20px;margin:0 0 4px}h2{font-size:16px}h3{font-size:14px}h1,h2,h3,h4{font-weight:600;line-height:1.25}
a{color:var(--fit-link)}
.dim{color:var(--fit-dim)}
pre,code{font-family:var(--fit-mono);font-size:12px}
pre{overflow-x:auto;background:var(--fit-soft);border:1px solid var(--fit-line);border-radius:4px;padding:8px 10px;margin:8px 0}
blockquote{margin:8px 0;padding:0 12px;border-left:3px solid var(--fit-line);color:var(--fit-dim)}
.cell{margin:18px 0;border-left:3px solid var(--fit-line);padding-left:14px}
.told{display:flex;flex-wrap:wrap;gap:2px 12px;margin:6px 0;font-weight:600}
.told.complete>:first-child::before{content:'✓ ';color:var(--fit-h)}
.told.incomplete>:first-child::before{content:'⚠ ';color:var(--fit-med)}
.told.failed>:first-child::before{content:'✗ ';color:var(--fit-crit)}
.told .dim{font-weight:400}
.notes{margin:4px 0;padding-left:18px}
.rows{width:fit-content;max-width:100%;overflow-x:auto;border:1px solid var(--fit-line);border-radius:4px}
table{border-collapse:collapse;font-size:12px;font-variant-numeric:tabular-nums}
th,td{padding:3px 9px;border-bottom:1px solid var(--fit-line);text-align:left;vertical-align:top;white-space:pre-wrap;overflow-wrap:break-word}
th{white-space:nowrap;font-weight:600;background:var(--fit-soft)}
td{max-width:520px}
tr:last-child td{border-bottom:0}
.number{text-align:right}
`;
