/** The parts that run beside the extension host, and the variable that names the port of each one's inspector. */
const PORTS = { worker: 'TENANTSCOPE_INSPECT_WORKER', language: 'TENANTSCOPE_INSPECT_LANGUAGE' } as const;

/**
 * Node's flags for a part that a debugger is to attach to: `--inspect=127.0.0.1:PORT` in a development host whose
 * environment names a port for it (`.vscode/launch.json` does), and none anywhere else.
 */
export function inspectFlags(
  inDevelopment: boolean,
  part: keyof typeof PORTS,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const port = env[PORTS[part]];
  return inDevelopment && port !== undefined && /^\d{4,5}$/.test(port) ? [`--inspect=127.0.0.1:${port}`] : [];
}
