import { cronOf } from './cron.ts';
import { checkSpec, PARTIAL, programCalls, shellWord } from './runnerSpec.ts';
import type { RunnerSpec } from './runnerSpec.ts';

/** Where the program is built from: the placeholder of https://github.com/tenantscope, and the tag of a version. */
const PROGRAM = 'tenantscope/tenantscope';

/** Longest that GitHub lets a job run, in minutes. */
const LONGEST_JOB = 360;

/**
 * A workflow of GitHub Actions that runs roll-ups on their schedule: it signs in by OpenID Connect, so that no secret
 * is kept, and may read the repository alone. Throws `input.runner` for roll-ups that a passing machine cannot run.
 */
export function githubWorkflow(given: RunnerSpec): string {
  const spec = checkSpec(given);
  const timeout = Math.min(LONGEST_JOB, Math.max(30, spec.everyMinutes));
  const calls = programCalls(spec).map((words) => ['node', 'program/dist/cli.cjs', ...words].map(shellWord).join(' '));
  return `# Roll-ups by GitHub Actions, made by "tenantscope rollup runner github".
#
# Before it runs:
# 1. Put the commit of each action where it says COMMIT-OF-...: a tag can be moved to other code, a commit cannot.
#      gh api repos/OWNER/ACTION/commits/TAG --jq .sha
# 2. Make an application in Microsoft Entra with a federated credential for this repository and branch (or an
#    environment that asks for approval), and put its ids into the repository's variables (not secrets; they are none):
#    AZURE_CLIENT_ID, AZURE_TENANT_ID.
# 3. Give the application Log Analytics Reader on the customers' workspaces, Monitoring Metrics Publisher on the rule of
#    the centre (Database Ingestor in Data Explorer), and Storage Blob Data Contributor on the container of the state.
#
# Who may change this file, or .tenantscope, on this branch decides where rows of customers go: protect the branch. The
# log names customers: keep the repository private. A start that finds nothing due ends at once; one that GitHub skips
# or delays is made up for by the next, for every window that is over is read once, whenever that is.
#
# A start that is partial (exit code ${PARTIAL}: some workspaces could not be read whole, or have gaps, or a file of a roll-up could
# not be read) succeeds with a warning; the log says which. For a failure instead, set the repository's variable
# TENANTSCOPE_FAIL_ON_PARTIAL to true.
name: Roll-ups
on:
  schedule:
    - cron: ${scalar(cronOf(spec.everyMinutes))}
  workflow_dispatch:
permissions:
  contents: read
  id-token: write
concurrency:
  group: tenantscope-rollups
  cancel-in-progress: false
jobs:
  rollups:
    runs-on: ubuntu-latest
    timeout-minutes: ${timeout}
    steps:
      - name: Roll-ups and centres of this repository
        uses: actions/checkout@COMMIT-OF-actions-checkout-v6
        with:
          persist-credentials: false
      - name: The program
        uses: actions/checkout@COMMIT-OF-actions-checkout-v6
        with:
          repository: ${scalar(PROGRAM)}
          ref: ${scalar(`v${spec.version}`)}
          path: program
          persist-credentials: false
      - uses: actions/setup-node@COMMIT-OF-actions-setup-node-v6
        with:
          node-version: 22
      - name: Build the program
        working-directory: program
        run: npm ci && npm run build
      - name: Sign in, without a secret
        uses: azure/login@COMMIT-OF-azure-login-v2
        with:
          client-id: \${{ vars.AZURE_CLIENT_ID }}
          tenant-id: \${{ vars.AZURE_TENANT_ID }}
          allow-no-subscriptions: true
${calls.map((call) => `      - name: Windows that are over\n        if: \${{ !cancelled() }}\n        env:\n          FAIL_ON_PARTIAL: \${{ vars.TENANTSCOPE_FAIL_ON_PARTIAL }}\n        run: ${scalar(tolerant(call))}`).join('\n')}
`;
}

/** A command that warns where it is partial, unless the repository wants that to be a failure. No customer is named. */
function tolerant(call: string): string {
  const warning = '::warning title=Partial::Not everything that is over is stored. The log says what, and why.';
  const isFine = `[ $ended -eq ${PARTIAL} ] && [ "$FAIL_ON_PARTIAL" != true ]`;
  return `${call} || { ended=$?; { ${isFine}; } || exit $ended; echo "${warning}"; }`;
}

/** A text as YAML in double quotes, in which GitHub finds no expression. */
function scalar(text: string): string {
  return JSON.stringify(text.replaceAll('${{', "${{ '${{' }}"));
}
