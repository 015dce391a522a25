/**
 * Node's flags for the worker process that a debugger is to attach to: `--inspect=127.0.0.1:PORT` in a development host
 * whose environment names the port in `TENANTSCOPE_INSPECT_WORKER` (F5 does), and none anywhere else. The language
 * thread needs none: a debugger of the extension host has its threads too.
 */
export function inspectFlags(
  inDevelopment: boolean,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const port = env['TENANTSCOPE_INSPECT_WORKER'];
  return inDevelopment && port !== undefined && /^\d{4,5}$/.test(port) ? [`--inspect=127.0.0.1:${port}`] : [];
}
