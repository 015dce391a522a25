#!/usr/bin/env node
// The command: the built program, or a word on how to build it. It is a file of the repository because npm links a
// command only where its file is there at that moment, and does not look again.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const program = join(__dirname, '..', 'dist', 'cli.cjs');
if (existsSync(program)) require(program);
else {
  process.stderr.write('tenantscope: this checkout is not built yet; run "npm run build" in it first.\n');
  process.exitCode = 1;
}
