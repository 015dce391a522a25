// The platforms there is a package for: VS Code's name of each, and the binding of DuckDB that belongs to it.

const SHARED = { linux: 'libduckdb.so', darwin: 'libduckdb.dylib', win32: 'duckdb.dll' };

/**
 * One platform. `binding` is the npm package of its native database; `files` are its native files; `machine` is what
 * their headers must say; `libc` is the C library a Linux file is linked to.
 */
function platform(target, libc) {
  const [os, machine] = target.split('-');
  const system = os === 'alpine' ? 'linux' : os;
  return {
    target,
    machine,
    system,
    ...(libc ? { libc } : {}),
    binding: `@duckdb/node-bindings-${system}-${machine}${libc === 'musl' ? '-musl' : ''}`,
    files: ['duckdb.node', SHARED[system]],
  };
}

export const TARGETS = [
  platform('win32-x64'),
  platform('win32-arm64'),
  platform('darwin-x64'),
  platform('darwin-arm64'),
  platform('linux-x64', 'glibc'),
  platform('linux-arm64', 'glibc'),
  platform('alpine-x64', 'musl'),
  platform('alpine-arm64', 'musl'),
];

/** The platform with VS Code's name `target`. Throws with the names there are where it is none of them. */
export function platformOf(target) {
  const found = TARGETS.find((one) => one.target === target);
  if (!found)
    throw new Error(
      `There is no package for "${target}". Choose one of ${TARGETS.map((one) => one.target).join(', ')}.`,
    );
  return found;
}

/** VS Code's name of the platform this process runs on. */
export function hostTarget() {
  const musl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  return `${musl ? 'alpine' : process.platform}-${process.arch}`;
}
