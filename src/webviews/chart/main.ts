import { BarChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import {
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
} from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { themeColor } from '../shell/theme.ts';
import type { ChartFace, ChartScript } from './contract.ts';
import { toChartOptions } from './options.ts';
import type { ChartColors } from './options.ts';

use([
  LineChart,
  BarChart,
  PieChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
  DataZoomComponent,
  CanvasRenderer,
]);

/**
 * The theme's chart colours now; VS Code defines seven (its orange is see-through in some themes), the rest are its
 * other text colours.
 */
function colors(): ChartColors {
  const foreground = themeColor('foreground', '#cccccc');
  return {
    foreground,
    muted: themeColor('descriptionForeground', foreground),
    line: themeColor('panel-border', '#80808059'),
    background: themeColor('editorWidget-background', '#252526'),
    palette: [
      'charts-blue',
      'debugTokenExpression-string',
      'charts-green',
      'charts-purple',
      'charts-red',
      'charts-yellow',
      'terminal-ansiCyan',
      'terminal-ansiBrightMagenta',
      'terminal-ansiBrightGreen',
      'terminal-ansiBrightBlue',
    ].map((name, index) =>
      themeColor(
        name,
        ['#3794ff', '#d18616', '#89d185', '#b180d7', '#f14c4c', '#cca700', '#29b8db', '#d670d6', '#23d18b', '#3b8eea'][
          index
        ]!,
      ),
    ),
  };
}

const script: ChartScript = {
  create(parent): ChartFace {
    const chart = init(parent, undefined, { renderer: 'canvas' });
    return {
      show(data, spec) {
        chart.setOption(toChartOptions(data, spec, colors(), parent.clientHeight), true);
      },
      resize() {
        chart.resize();
      },
      image() {
        return chart.getDataURL({
          type: 'png',
          pixelRatio: 2,
          backgroundColor: themeColor('editor-background', '#1e1e1e'),
        });
      },
      dispose() {
        chart.dispose();
      },
    };
  },
};
(globalThis as { tenantscopeChart?: ChartScript }).tenantscopeChart = script;
