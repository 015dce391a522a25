import type { RenderSpec } from '../../model/render.ts';

/** `render` of an answer: every member, with the service's own empties. */
export function toRenderObject(render: RenderSpec | undefined): object {
  const limit = (value: number | undefined): number | 'NaN' => value ?? 'NaN';
  return {
    visualization: render?.visualization ?? null,
    title: render?.title ?? null,
    accumulate: render?.accumulate ?? false,
    isQuerySorted: false,
    kind: render?.kind ?? null,
    legend: render?.legend ?? null,
    series: render?.series ?? null,
    yMin: limit(render?.yMin),
    yMax: limit(render?.yMax),
    xAxis: render?.xAxis ?? null,
    xColumn: render?.xColumn ?? null,
    xTitle: render?.xTitle ?? null,
    yAxis: render?.yAxis ?? null,
    yColumns: render?.yColumns ?? null,
    ySplit: render?.ySplit ?? null,
    yTitle: render?.yTitle ?? null,
    anomalyColumns: render?.anomalyColumns ?? null,
  };
}

interface Measured {
  readonly seconds: number;
  readonly cpu: NodeJS.CpuUsage;
  readonly rows: number;
  readonly bytes: number;
}

/** `statistics` of an answer: time and size are this engine's own, the rest has the service's shape. */
export function toStatistics({ seconds, cpu, rows, bytes }: Measured): object {
  const hits = { hits: 0, misses: 0, total: 0 };
  const shard = { hitbytes: 0, missbytes: 0, retrievebytes: 0 };
  return {
    query: {
      executionTime: Number(seconds.toFixed(7)),
      resourceUsage: {
        cache: { memory: hits, disk: hits, shards: { bypassbytes: 0, cold: shard, hot: shard } },
        cpu: { user: span(cpu.user), kernel: span(cpu.system), totalCpu: span(cpu.user + cpu.system) },
        memory: { peakPerNode: 1_048_576 + bytes },
        network: { crossClusterTotalBytes: 0, interClusterTotalBytes: bytes },
      },
      inputDatasetStatistics: {
        extents: {
          total: 1,
          scanned: 1,
          scannedMinDateTime: '0001-01-01T00:00:00Z',
          scannedMaxDateTime: '0001-01-01T00:00:00Z',
        },
        rows: { total: rows, scanned: rows },
        rowstores: { scannedRows: 0, scannedValuesSize: 0 },
        shards: { queriesGeneric: 1, queriesSpecialized: 0 },
      },
      datasetStatistics: [{ tableRowCount: rows, tableSize: bytes }],
    },
  };
}

/** Microseconds as a timespan. */
function span(microseconds: number): string {
  const part = (value: number, digits = 2): string => String(Math.floor(value)).padStart(digits, '0');
  const seconds = microseconds / 1e6;
  return `${part(seconds / 3600)}:${part((seconds / 60) % 60)}:${part(seconds % 60)}.${part(microseconds % 1e6, 6)}0`;
}
