/** What reports look like beside what every page of ours does. */
export const SUMMARY_CSS = `
.summary .period{color:var(--fit-dim);margin:0}
.summary .sentence{font-size:16px;line-height:1.4;margin:10px 0 14px;max-width:780px}
.summary .fine{border-left:3px solid var(--fit-h);padding:6px 10px;background:var(--fit-soft);margin:12px 0 0}
.summary .warn ul{margin:4px 0 0}
.summary .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:10px;margin:14px 0 6px}
.summary .figure{border:1px solid var(--fit-line);border-radius:6px;padding:9px 12px}
.summary .figure dt{color:var(--fit-dim);font-size:12px}
.summary .figure dd{margin:0}
.summary .figure b{display:block;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums;line-height:1.35}
.summary .figure.bad b{color:var(--fit-high)}
.summary dl{margin:0}
.summary figure.days{max-width:none;margin:2px 0 0}
.summary figure.days svg{display:block;width:100%;min-width:640px}
.summary .grid{stroke:var(--fit-line)}
.summary .col.before{fill:var(--fit-n);fill-opacity:.5}
.summary .col.now{fill:var(--fit-d)}
.summary .col.open{fill:var(--fit-d);fill-opacity:.18;stroke:var(--fit-d);stroke-dasharray:3 2}
.summary .expected{stroke:var(--fit-high);stroke-width:2;stroke-dasharray:5 3}
.summary .legend{display:flex;flex-wrap:wrap;gap:2px 18px;font-size:12px;margin-left:5.4%}
.summary .key{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}
.summary .key.before{background:var(--fit-n);opacity:.5}.summary .key.now{background:var(--fit-d)}
.summary .key.open{border:1px dashed var(--fit-d)}
.summary .key.expected{height:0;width:16px;border-top:2px dashed var(--fit-high);vertical-align:middle;border-radius:0}
.summary .numbers{margin:6px 0 0 5.4%}
.summary .numbers>summary{color:var(--fit-link);font-size:12px}
.summary .numbers table{width:auto}
.summary .spark{display:block;width:110px;height:18px}
.summary .volumes td,.summary .volumes tbody th{vertical-align:middle;padding-top:4px;padding-bottom:4px}
.summary .volumes td.trend{width:126px}
.summary .share{display:block;height:4px;width:100%;min-width:90px;margin-top:3px}
.summary .share .track{fill:var(--fit-line)}.summary .share .fill{fill:var(--fit-d)}
.summary .odd{font-weight:600;color:var(--fit-high);white-space:nowrap}
.summary .same,.summary .number{white-space:nowrap}
.summary .name{min-width:124px;overflow-wrap:anywhere}
.summary a{color:var(--fit-link)}
.summary .foot{margin-top:28px;border-top:1px solid var(--fit-line);padding-top:8px;color:var(--fit-dim);font-size:12px;max-width:780px}
.summary .wide{overflow-x:auto}
@media print{.summary .wide{overflow:visible}.summary figure.days svg{min-width:0}.summary .numbers{display:none}.summary .figure{break-inside:avoid}}
@media (forced-colors:active){.summary .col,.summary .key{forced-color-adjust:none}}
`;
