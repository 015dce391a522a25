import type { RenderSpec } from '../../model/render.ts';
import { child, children, need, textOf } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import { nameOf, wordOf } from './tree.ts';

const NAMES: Readonly<Record<string, keyof RenderSpec>> = {
  title: 'title',
  kind: 'kind',
  legend: 'legend',
  xcolumn: 'xColumn',
  ycolumns: 'yColumns',
  series: 'series',
  anomalycolumns: 'anomalyColumns',
  xtitle: 'xTitle',
  ytitle: 'yTitle',
  xaxis: 'xAxis',
  yaxis: 'yAxis',
  ysplit: 'ySplit',
  ymin: 'yMin',
  ymax: 'yMax',
  accumulate: 'accumulate',
};

/** What `render` asks for: the visualization and its properties, whether in a `with` clause or the old way. */
export function bindRender(node: SyntaxNode): RenderSpec {
  const clause = child(node, 'WithClause');
  const spec: Record<string, unknown> = { visualization: textOf(need(node, 'ChartType')).toLowerCase() };
  for (const property of [...children(node, 'Parameters'), ...(clause ? children(clause, 'Properties') : [])]) {
    const name = NAMES[nameOf(need(property, 'Name')).toLowerCase()];
    const value = child(property, 'Expression');
    if (name && value) spec[name] = valueOf(name, value);
  }
  return spec as unknown as RenderSpec;
}
function valueOf(name: keyof RenderSpec, node: SyntaxNode): unknown {
  if (name === 'yColumns' || name === 'series' || name === 'anomalyColumns') return listOf(node);
  const word = wordOf(node);
  return name === 'yMin' || name === 'yMax'
    ? Number(word)
    : name === 'accumulate'
      ? word.toLowerCase() === 'true'
      : word;
}
function listOf(node: SyntaxNode): string[] {
  const names = child(node, 'Names')
    ? children(node, 'Names')
    : child(node, 'Expressions')
      ? children(node, 'Expressions')
      : undefined;
  return names
    ? names.map(wordOf)
    : textOf(node)
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean);
}
