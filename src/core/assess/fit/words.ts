import type { SourceKind } from '../../../model/assessment/declared.ts';

/** Kinds of sources as a person says them. */
export const SOURCE_WORDS: Readonly<Record<SourceKind, string>> = {
  machines: 'machines',
  azure: 'Azure services',
  entra: 'Entra',
  microsoft365: 'Microsoft 365',
  containers: 'containers',
  applications: 'applications',
  network: 'network devices',
};

/** A sentence of its own: first letter large, a full stop behind it. */
export function sentence(text: string): string {
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** The same in the middle of a sentence. */
export function clause(text: string): string {
  const plain = text.replace(/[.]$/, '');
  return /^(The|It|Its|Only|None|Whether|No|What|Undeclared)\b/.test(plain)
    ? `${plain[0]!.toLowerCase()}${plain.slice(1)}`
    : plain;
}

/** A volume in few digits: `212 GB`, `0.9 GB`, `4 MB`. */
export function gbWords(gb: number | undefined): string {
  if (gb === undefined) return 'unknown';
  if (gb >= 10) return `${Math.round(gb).toLocaleString('en')} GB`;
  if (gb >= 0.1) return `${gb.toFixed(1)} GB`;
  return gb > 0 ? `${Math.max(1, Math.round(gb * 1000))} MB` : 'nothing';
}
