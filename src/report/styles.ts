/**
 * What the pages of an assessment look like. Colours come as `--fit-*` variables: from VS Code's theme on a live page,
 * from `PAPER` in a file.
 */
export const REPORT_CSS = `
.report{max-width:1180px;margin:0 auto;padding:18px 22px 40px;line-height:1.45}
.report.customer{max-width:1080px}
.report h1{font-size:18px;font-weight:600;margin:0 0 2px}
.report h2{font-size:13px;font-weight:600;margin:24px 0 8px}
.report p{margin:4px 0}
.report ul{margin:6px 0;padding-left:18px}
.report .dim,.report .dim .link{color:var(--fit-dim)}
.report .top{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:flex-start}
.report .top>div:first-child{flex:1 1 320px}
.report .warn{border-left:3px solid var(--fit-high);padding:6px 10px;background:var(--fit-soft);margin:12px 0 0}
.report .link{padding:0;border:0;background:none;color:var(--fit-link);font:inherit;text-align:left;cursor:pointer}
.report .link:hover{background:none;text-decoration:underline}
.report .btn{border:1px solid var(--fit-line);background:var(--fit-soft);color:inherit;padding:3px 9px;border-radius:4px;font:inherit;cursor:pointer}
.report .pictures{display:grid;grid-template-columns:minmax(0,1fr) minmax(350px,400px);gap:12px 24px;align-items:center}
.report .two{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:4px 28px}
@media (max-width:820px){.report{padding:14px 14px 32px}.report .pictures,.report .two{grid-template-columns:minmax(0,1fr)}}
.report svg text{fill:var(--fit-fg);font-size:12px;font-family:inherit}
.report svg .dim{fill:var(--fit-dim)}
.report svg .small{font-size:11px}
.report svg .end{text-anchor:end}
.report svg .middle{text-anchor:middle}
.report svg.flow{display:block;width:100%;max-width:760px}
.report .band{fill-opacity:.26;stroke:transparent}
.report .band[role=button],.report .block[role=button]{cursor:pointer}
.report .band:hover,.report .band.on{fill-opacity:.5}
.report .band:focus-visible,.report .block:focus-visible{outline:2px solid var(--fit-focus);outline-offset:1px}
.report .block.on text{font-weight:600;text-decoration:underline}
.report .distributed{--arch:var(--fit-d)}.report .central{--arch:var(--fit-c)}.report .hybrid{--arch:var(--fit-h)}
.report .mixed{--arch:var(--fit-m)}.report .none,.report .unknown{--arch:var(--fit-n)}
.report .band,.report .fill{fill:var(--arch)}
.report .swatch{display:inline-block;width:9px;height:9px;border-radius:2px;margin-right:6px;background:var(--arch)}
.report .swatch.none,.report .swatch.unknown{background:none;border:1px dashed var(--fit-n)}
.report .arch{white-space:nowrap}
.report .bars{min-width:120px}
.report .bar{display:grid;grid-template-columns:14px 1fr 24px;gap:6px;align-items:center;font-size:11px;line-height:1.3;color:var(--fit-dim)}
.report .bar svg{display:block;width:100%;height:6px}
.report .bar .track{fill:var(--fit-dim);fill-opacity:.25}
.report .bars.long .bar{grid-template-columns:128px 1fr 24px;font-size:12px;line-height:1.5}
.report .bar.best{color:var(--fit-fg);font-weight:600}
.report .bar span:last-child{text-align:right;font-variant-numeric:tabular-nums}
.report .sevs{display:flex;flex-wrap:wrap;gap:0 10px}
.report .sev{white-space:nowrap}
.report .dot{display:inline-block;width:8px;height:8px;border-radius:50%;margin-right:5px;background:var(--sev)}
.report .dot.critical{--sev:var(--fit-crit);border-radius:1px}.report .dot.high{--sev:var(--fit-high)}
.report .dot.medium{--sev:var(--fit-med)}.report .dot.low{--sev:var(--fit-low)}
.report .dot.none{background:none;border:1px solid var(--fit-n)}
.report .headline{display:flex;flex-wrap:wrap;gap:2px 24px;margin-bottom:8px}
.report .headline b{font-size:18px;font-weight:600}
.report table{border-collapse:collapse;width:100%}
.report caption{text-align:left;padding-bottom:2px;font-size:11px}
.report th{font-weight:600;text-align:left}
.report thead th{color:var(--fit-dim);border-bottom:1px solid var(--fit-line);padding:4px 8px;white-space:nowrap}
.report td,.report tbody th{padding:6px 8px;border-bottom:1px solid var(--fit-line);vertical-align:top}
.report tbody th{font-weight:400}
.report .matrix{font-size:12px}
.report .matrix td,.report .matrix th{padding:2px 4px;text-align:center;vertical-align:middle}
.report .matrix th[scope=row]{text-align:left;white-space:nowrap}
.report .matrix button{min-width:24px;padding:1px 4px;border:1px solid transparent;background:none;color:var(--fit-link);font:inherit;font-weight:600;cursor:pointer}
.report .matrix button:hover,.report .matrix .on button{border-color:var(--fit-focus)}
.report .tablehead{display:flex;flex-wrap:wrap;gap:8px;align-items:end}
.report .tablehead h2{flex:1}
.report .customers tbody tr{content-visibility:auto;contain-intrinsic-size:auto 58px}
.report .customers tbody tr:hover{background:var(--fit-soft)}
.report .customers .who{font-weight:600}
.report .customers .fit{width:150px}
.report .customers .why{min-width:220px;max-width:460px}
.report .verdict{font-size:16px;line-height:1.4;margin:8px 0 14px;max-width:780px}
.report figure{margin:0}
.report .architecture svg{display:block;width:100%;max-width:560px}
.report .place{fill:none;stroke:var(--fit-line)}
.report .box{fill:var(--fit-soft);stroke:var(--fit-line)}
.report .box.own{stroke:var(--fit-d)}.report .box.centre{stroke:var(--fit-c)}
.report .wire{fill:none;stroke:var(--fit-dim)}.report .head{fill:var(--fit-dim);stroke:none}
.report .wire.summary{stroke:var(--fit-h)}.report .head.summary{fill:var(--fit-h)}
.report .wire.notCollected{stroke:var(--fit-crit);stroke-dasharray:4 4}
.report .score{max-width:360px;margin-bottom:6px}
.report .next{white-space:nowrap;margin-left:-1px}
.report .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.report details>summary{cursor:pointer}
.report .section>summary{list-style-position:outside}
.report .section>summary h2{display:inline-block;margin:20px 0 6px}
.report .finding{border-bottom:1px solid var(--fit-line);padding:7px 0}
.report .finding>summary{display:grid;grid-template-columns:84px 1fr;gap:8px;list-style:none}
.report .finding>summary::-webkit-details-marker{display:none}
.report .finding>summary .sev{font-weight:600}
.report .finding[open]>summary{font-weight:600}
.report .finding .body{margin:6px 0 4px 92px;display:grid;gap:4px;max-width:760px}
@media (max-width:820px){.report .finding .body{margin-left:0}}
.report .buttons{display:flex;flex-wrap:wrap;gap:6px}
.report .evidence{background:var(--fit-soft);border:1px solid var(--fit-line);padding:6px 8px;font-size:12px;overflow-wrap:anywhere}
.report .query>summary{color:var(--fit-dim)}
.report .evidence code{white-space:pre-wrap;font-family:var(--fit-mono);font-size:12px;color:inherit;background:none}
.report .criteria>summary,.report .checks>summary,.report .difference>summary{color:var(--fit-link)}
.report .checks,.report .costs{margin:10px 0}
.report .costs>summary{color:var(--fit-link)}
.report .number{text-align:right;font-variant-numeric:tabular-nums}
.report .costs table{width:auto}
.report .claims .v{text-align:center;white-space:nowrap}
.report .claims td.yes,.report .claims td.partly{font-weight:600}
.report .claims td.no{color:var(--fit-dim)}
.report .claims th[scope=row]{min-width:220px}
.report .sign{display:inline-block;width:10px;font-weight:600}
.report .then{margin-left:14px;font-size:12px}
.report .readers th[scope=rowgroup]{font-weight:600}
@media (max-width:820px){
.report td,.report tbody th,.report thead th{padding-left:4px;padding-right:4px}
.report .customers thead th{white-space:normal;vertical-align:bottom}
.report .customers .why{min-width:120px}.report .customers .fit{width:110px}.report .bars{min-width:90px}
}
@media print{
.report{max-width:none;padding:0}
.report .btn,.report .buttons,.report .tablehead input{display:none}
.report h2{break-after:avoid}
.report .finding,.report tr,.report figure{break-inside:avoid}
.report .customers tbody tr{content-visibility:visible}
.report+.report{break-before:page}
.report details:not(.criteria .query)::details-content{content-visibility:visible;block-size:auto}
.report summary{list-style:none}.report .section>summary::marker{content:""}
}
@media (forced-colors:active){
.report .fill,.report .band,.report .swatch,.report .dot{forced-color-adjust:none}
.report .band{stroke:CanvasText}
}
`;

/** Colours of a page in a file, light and dark as the reader's system is; print is light. */
export const PAPER_CSS = `
:root{color-scheme:light dark;--fit-fg:#1f2328;--fit-bg:#fff;--fit-dim:#59636e;--fit-line:#d8dee4;--fit-soft:#f6f8fa;--fit-link:#0969da;--fit-focus:#0969da;
--fit-d:#0969da;--fit-c:#9a6700;--fit-h:#1a7f37;--fit-m:#8250df;--fit-n:#8c959f;--fit-crit:#b42318;--fit-high:#c2500c;--fit-med:#9a6700;--fit-low:#59636e;
--fit-mono:ui-monospace,"DejaVu Sans Mono",Consolas,monospace}
@media (prefers-color-scheme:dark){@media not print{:root{--fit-fg:#e6edf3;--fit-bg:#0d1117;--fit-dim:#9198a1;--fit-line:#30363d;--fit-soft:#161b22;--fit-link:#58a6ff;--fit-focus:#58a6ff;
--fit-d:#58a6ff;--fit-c:#d29922;--fit-h:#3fb950;--fit-m:#bc8cff;--fit-n:#6e7681;--fit-crit:#ff7b72;--fit-high:#f0883e;--fit-med:#d29922;--fit-low:#9198a1}}}
*{box-sizing:border-box}
body{margin:0;font:13px/1.45 system-ui,"Segoe UI","DejaVu Sans",sans-serif;color:var(--fit-fg);background:var(--fit-bg)}
`;
