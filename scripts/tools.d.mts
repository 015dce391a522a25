import type { ChildProcess } from 'node:child_process';

export const ROOT: string;
export function say(message: string): void;
export function ensurePackages(): void;
export function ensureNode24(): string;
export function ensureVscodeServer(): string;
export function findBrowser(): string | undefined;
export function ensureBrowser(): string;
export function ensureBuild(): void;
export function startProgram(
  script: string,
  args: readonly string[],
  options: { until: RegExp; env?: Record<string, string>; node?: string; cwd?: string },
): Promise<{ child: ChildProcess; output: string }>;
