import type { RenderSpec } from '../../model/render.ts';
import { stringText } from './literals.ts';
import { nameText } from './names.ts';
import { unprintable } from './printer.ts';

const NAMES: readonly (readonly [keyof RenderSpec, string])[] = [
  ['title', 'title'],
  ['kind', 'kind'],
  ['legend', 'legend'],
  ['xColumn', 'xcolumn'],
  ['yColumns', 'ycolumns'],
  ['series', 'series'],
  ['anomalyColumns', 'anomalycolumns'],
  ['xTitle', 'xtitle'],
  ['yTitle', 'ytitle'],
  ['xAxis', 'xaxis'],
  ['yAxis', 'yaxis'],
  ['ySplit', 'ysplit'],
  ['yMin', 'ymin'],
  ['yMax', 'ymax'],
  ['accumulate', 'accumulate'],
];
const TITLES: ReadonlySet<string> = new Set(['title', 'xtitle', 'ytitle']);

/** `render` with what it asks for. */
export function renderText(spec: RenderSpec): string {
  const properties = NAMES.flatMap(([key, name]) => {
    const value = spec[key];
    return value === undefined ? [] : [`${name}=${valueText(name, value)}`];
  });
  return `render ${word(spec.visualization)}${properties.length > 0 ? ` with (${properties.join(', ')})` : ''}`;
}
function valueText(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => nameText(String(one))).join(', ');
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'real(nan)';
  if (typeof value === 'boolean') return String(value);
  if (TITLES.has(name)) return stringText(String(value));
  return name === 'xcolumn' ? nameText(String(value)) : word(String(value));
}
function word(text: string): string {
  if (!/^\w+$/.test(text)) throw unprintable(`render with '${text}'`, { start: 0, length: 0 });
  return text;
}
