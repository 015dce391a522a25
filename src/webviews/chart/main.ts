import { BarChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { DataZoomComponent, GridComponent, TitleComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { themeColor } from '../shell/theme.ts';
import type { ChartFace, ChartScript } from './contract.ts';
import { toChartOptions } from './options.ts';
import { panelLayout, panelsOf } from './panels.ts';
import { themeColors } from './themeColors.ts';

use([
  LineChart,
  BarChart,
  PieChart,
  ScatterChart,
  GridComponent,
  TitleComponent,
  TooltipComponent,
  DataZoomComponent,
  CanvasRenderer,
]);

const script: ChartScript = {
  create(parent): ChartFace {
    const chart = init(parent, undefined, { renderer: 'canvas' });
    let drawn: Parameters<ChartFace['show']> | undefined;
    const draw = (): void => {
      if (!drawn) return;
      const [data, spec, look] = drawn;
      const frame = parent.parentElement ?? parent;
      const room = { width: frame.clientWidth, height: frame.clientHeight };
      const panels = panelsOf(data).length;
      // Panels scroll where they are more than fit.
      const height = panels > 0 ? panelLayout(panels, room).height : room.height;
      parent.style.height = `${height}px`;
      chart.resize();
      chart.setOption(toChartOptions(data, spec, themeColors(), { width: parent.clientWidth, height }, look), true);
    };
    return {
      show(...asked) {
        drawn = asked;
        draw();
      },
      resize: draw,
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
