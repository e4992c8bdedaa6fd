/** How a report looks: on light and dark screens, on telephones, on paper. */

// Colours that people with any kind of colour vision tell apart (Okabe and Ito); revisions are
// named in the figure as well, and phases written out.
const LIGHT = `
  --page: #ffffff; --ink: #1b1f24; --faint: #59636e; --rule: #d1d9e0; --panel: #f6f8fa;
  --c0: #56b4e9; --c1: #e69f00; --c2: #009e73; --c3: #cc79a7; --c4: #0072b2; --c5: #d55e00;
  --healthy: #7ccfae; --progressing: #a9d8f5; --paused: #f5d27a; --degraded: #ef9a6a;
  --bad: #b4441a; --good: #3a6ea5; --guide: #8c959f; --abort: #b4441a;`;
const DARK = `
  --page: #0d1117; --ink: #e6edf3; --faint: #9198a1; --rule: #30363d; --panel: #161b22;
  --c0: #3a86b4; --c1: #b47c00; --c2: #007d5a; --c3: #a85f88; --c4: #2f6fa8; --c5: #b44e00;
  --healthy: #1d6b4f; --progressing: #235c85; --paused: #7a5b00; --degraded: #8f3d12;
  --bad: #f08a5d; --good: #79b8ee; --guide: #6e7681; --abort: #f08a5d;`;

export const STYLES: string = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
@media print { :root { color-scheme: light; ${LIGHT} } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 16px; max-width: 1080px; background: var(--page);
  color: var(--ink); font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 4px; }
h2 { font-size: 1.2rem; margin: 32px 0 8px; border-top: 1px solid var(--rule); padding-top: 24px; }
h3 { font-size: 1rem; margin: 20px 0 6px; }
p { margin: 4px 0; }
.faint { color: var(--faint); }
.facts { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px;
  margin: 12px 0; padding: 0; }
.facts div:first-child { grid-column: 1 / -1; }
.facts div { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px;
  padding: 8px 10px; }
.facts dt { color: var(--faint); font-size: 0.8rem; }
.facts dd { margin: 0; font-weight: 600; }
.bad-text { color: var(--bad); font-weight: 600; }
ul.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 8px 0; padding: 0;
  list-style: none; font-size: 0.85rem; }
.swatch { display: inline-block; width: 14px; height: 14px; border-radius: 3px; margin-right: 6px;
  vertical-align: -2px; border: 1px solid var(--rule); }
.swatch.dash { height: 0; border: 0; border-top: 2px dashed var(--ink); vertical-align: 4px; }
ol.happenings { margin: 0; padding-left: 2.2em; }
ol.happenings li { margin: 2px 0; }
ol.happenings .time { font-variant-numeric: tabular-nums; color: var(--faint); }
ol.happenings .command { font-size: 0.9em;
  font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
ol.happenings .abort, ol.happenings .trouble { color: var(--bad); }
.figure svg { display: block; width: 100%; height: auto; }
.figure.narrow { display: none; }
svg text { font: 11px system-ui, "DejaVu Sans", sans-serif; fill: var(--ink); }
svg .title { font-size: 12px; font-weight: 600; }
svg .name { text-anchor: middle; font-weight: 600; paint-order: stroke; stroke: var(--page);
  stroke-width: 3px; stroke-linejoin: round; }
svg .value { paint-order: stroke; stroke: var(--page); stroke-width: 3px; }
svg .tick { fill: var(--faint); font-variant-numeric: tabular-nums; }
svg .amount, svg .end { text-anchor: end; }
svg .time, svg .lane { text-anchor: middle; }
svg .grid { stroke: var(--rule); fill: none; }
svg .axis { stroke: var(--faint); fill: none; }
svg .line { stroke: var(--ink); fill: none; stroke-width: 1.5; stroke-dasharray: 5 3; }
svg .guide { stroke: var(--guide); fill: none; stroke-dasharray: 1 3; }
svg .guide.abort { stroke: var(--abort); stroke-dasharray: none; }
.c0 { fill: var(--c0); background: var(--c0); } .c1 { fill: var(--c1); background: var(--c1); }
.c2 { fill: var(--c2); background: var(--c2); } .c3 { fill: var(--c3); background: var(--c3); }
.c4 { fill: var(--c4); background: var(--c4); } .c5 { fill: var(--c5); background: var(--c5); }
.healthy { fill: var(--healthy); background: var(--healthy); }
.progressing { fill: var(--progressing); background: var(--progressing); }
.paused { fill: var(--paused); background: var(--paused); }
.degraded { fill: var(--degraded); background: var(--degraded); }
.unknown { fill: var(--panel); background: var(--panel); }
svg .phase, svg .step { stroke: var(--page); }
svg .step { fill: var(--panel); } svg .step.other { fill: var(--rule); }
svg .bar { fill: var(--good); } svg .bar.experiment { fill: var(--c3); }
svg .bar.plugin { fill: var(--c2); } svg .bar.bad, svg .bar.lack { fill: var(--bad); }
svg .mark rect { fill: var(--panel); stroke: var(--faint); }
svg .mark.command rect { fill: var(--ink); stroke: var(--ink); }
svg .mark.command text { fill: var(--page); }
svg .mark.abort rect, svg .mark.trouble rect { stroke: var(--bad); stroke-width: 2; }
svg .mark text { text-anchor: middle; font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: 0.82rem;
  font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 3px 8px 3px 0;
  border-bottom: 1px solid var(--rule); }
th { color: var(--faint); font-weight: 600; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.short, thead th { white-space: nowrap; }
@media (max-width: 700px) {
  body { padding: 12px; }
  .facts { grid-template-columns: 1fr 1fr; }
  .figure.wide { display: none; }
  .figure.narrow { display: block; }
  thead { display: none; }
  table, tbody, tr { display: block; }
  tr { border-bottom: 1px solid var(--rule); padding: 6px 0; }
  td, td.number, td.short { display: inline-block; border: 0; padding: 0 12px 0 0;
    text-align: left; white-space: normal; }
  td.text { display: block; }
  td.none { display: none; }
  td::before { content: attr(data-name) " "; color: var(--faint); }
}
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  .figure.wide { display: block; }
  .figure.narrow { display: none; }
  .figure, tr, li, .facts { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
