export interface Workbench {
  readonly port: number;
  url(folder: string, payload?: readonly (readonly [string, string])[]): string;
  log(): string;
  close(): Promise<void>;
}
export function startWorkbench(options: {
  dataDirectory: string;
  extensions?: readonly string[];
  settings?: Record<string, unknown>;
  port?: number;
}): Promise<Workbench>;
