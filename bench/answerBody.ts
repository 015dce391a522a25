import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/tools.mjs';

/** Rows of the largest answer the service gives. */
export const ROWS = 500_000;
/** The product's own settings. */
export const MEMORY_LIMIT_MB = (
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    contributes: { configuration: { properties: Record<string, { default: number }> }[] };
  }
).contributes.configuration.flatMap(({ properties }) => properties['tenantscope.results.memoryLimitMb'] ?? [])[0]!
  .default;

/** The most memory a process ever had resident, in bytes; only Linux tells it of another process. */
export function peakOf(pid: number | undefined): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** JSON as the service writes it, about 100 MB of it. */
export function makeBody(rows = ROWS): Buffer {
  const names = [
    'TimeGenerated',
    'Computer',
    'EventID',
    'Level',
    'Value',
    'Kind',
    'Ok',
    'Extra',
    'Props',
    'Sid',
    'Channel',
    'Code',
    'Note',
    'User',
    'Domain',
    'Session',
    'State',
    'Process',
    'Address',
    'Message',
  ];
  const types = [
    'datetime',
    'string',
    'long',
    'int',
    'real',
    'string',
    'bool',
    'string',
    'dynamic',
    'string',
    'string',
    'string',
    'string',
    'string',
    'string',
    'long',
    'string',
    'string',
    'string',
    'string',
  ];
  const body = Buffer.allocUnsafe(rows * 300 + 10_000);
  let end = body.write(
    `{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(names.map((name, i) => ({ name, type: types[i] })))},"rows":[`,
    'latin1',
  );
  for (let i = 0; i < rows; i++) {
    const row = [
      `2024-05-${String(1 + (i % 28)).padStart(2, '0')}T10:00:00.${String((i * 7) % 10_000_000).padStart(7, '0')}Z`,
      `host-${i % 500}`,
      i,
      i % 7,
      i / 8,
      'Information',
      i % 3 === 0,
      '',
      `{"a":${i % 10}}`,
      'S-1-5-18',
      'Security',
      '4624',
      '',
      'svc',
      'CONTOSO',
      i % 100,
      'ok',
      `p${i % 1000}`,
      `10.0.0.${i % 255}`,
      `A logon was tried with number ${i}`,
    ];
    end += body.write(`${i > 0 ? ',' : ''}${JSON.stringify(row)}`, end, 'latin1');
  }
  end += body.write(']}]}', end, 'latin1');
  return body.subarray(0, end);
}
