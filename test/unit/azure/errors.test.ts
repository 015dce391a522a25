import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toAzureError } from '../../../src/azure/errors.ts';
import { fromHttp, parseRetryAfter } from '../../../src/azure/errors/http.ts';
import { fromPartial } from '../../../src/azure/errors/query.ts';
import { notTwice } from '../../../src/azure/logs/logsClient.ts';
import { subjectOf } from '../../../src/azure/errors/subject.ts';

const subject = { tenant: 'T', what: 'workspace law-contoso' };
const answer = (status: number, body: unknown = '', headers: Record<string, string> = {}) =>
  fromHttp(
    { status, header: (name) => headers[name], body: typeof body === 'string' ? body : JSON.stringify(body) },
    subject,
    Date.parse('2026-11-22T08:00:00Z'),
  );
const arm = (code: string, message = 'Said by the service') => ({ error: { code, message } });

test('a syntax error keeps its place and the number of the error', () => {
  const error = answer(400, {
    error: {
      code: 'BadArgumentError',
      message: 'The request had some invalid properties',
      correlationId: 'x',
      innererror: {
        code: 'SyntaxError',
        message: 'A recognition error occurred in the query.',
        innererror: {
          code: 'SYN0002',
          message: "Query could not be parsed at 'invalid' on line [1,11]",
          line: 1,
          pos: 11,
          token: 'invalid',
        },
      },
    },
  });
  assert.equal(error.code, 'query.syntax');
  assert.deepEqual(error.data, { line: 1, pos: 11, token: 'invalid', kqlCode: 'SYN0002' });
  assert.equal(error.message, "Query could not be parsed at 'invalid' on line [1,11].");
  assert.equal(error.retryable, false);
});

test("a semantic error says in the service's words what the workspace does not have", () => {
  const error = answer(400, {
    error: {
      code: 'BadArgumentError',
      message: 'm',
      innererror: {
        code: 'SemanticError',
        message: 'A semantic error occurred.',
        innererror: {
          code: 'SEM0100',
          message: "'where' operator: Failed to resolve table or column expression named 'X'",
        },
      },
    },
  });
  assert.equal(error.code, 'query.semantic');
  assert.equal(error.message, "'where' operator: Failed to resolve table or column expression named 'X'.");
  assert.deepEqual(error.data, { kqlCode: 'SEM0100', unresolved: { kind: 'table', name: 'X' } });
});

test('which name means nothing there, and as what, is read from the sentence here and nowhere else', () => {
  const unresolved = (outer: string, message: string): unknown =>
    answer(400, {
      error: {
        code: 'BadArgumentError',
        message: 'm',
        innererror: { code: outer, message: 'm', innererror: { code: 'SEM0100', message } },
      },
    }).data?.['unresolved'];
  const said: [string, unknown][] = [
    ["Failed to resolve table or column expression named 'App_CL'", { kind: 'table', name: 'App_CL' }],
    ["'where' operator: Failed to resolve column or scalar expression named 'x'", { kind: 'column', name: 'x' }],
    ["'project' operator: Failed to resolve scalar expression named 'a b'", { kind: 'column', name: 'a b' }],
    ["Function 'bin' cannot be invoked.", undefined],
  ];
  for (const [message, expected] of said) assert.deepEqual(unresolved('SemanticError', message), expected, message);
  assert.equal(unresolved('SyntaxError', said[0]![0]), undefined);
});

test('every status has one meaning, and says whether another try can help', () => {
  const cases: [number, unknown, string, boolean][] = [
    [400, arm('FailedToResolveResource'), 'query.unknownWorkspace', false],
    [400, arm('InvalidTemplate'), 'input.refused', false],
    [401, arm('InvalidAuthenticationTokenTenant'), 'auth.wrongTenant', false],
    [401, arm('InvalidAuthenticationTokenAudience'), 'auth.audienceRefused', false],
    [403, arm('InvalidAuthenticationTokenAudience'), 'auth.audienceRefused', false],
    [401, arm('ExpiredAuthenticationToken'), 'auth.tokenExpired', true],
    [401, '', 'auth.refused', false],
    [403, arm('InvalidTokenError'), 'auth.refused', false],
    [403, arm('AuthorizationFailed'), 'access.insufficient', false],
    [
      403,
      { error: { code: 'InsufficientAccessError', message: 'm', innererror: { code: 'AuthorizationFailedError' } } },
      'access.insufficient',
      false,
    ],
    [403, arm('RequestDisallowedByPolicy'), 'access.policy', false],
    [404, arm('ResourceNotFound'), 'access.notFound', false],
    [409, arm('Conflict', 'The workspace name is not unique'), 'input.conflict', false],
    [409, arm('AnotherOperationInProgress'), 'service.busy', true],
    [429, '', 'service.throttled', true],
    [500, '<html>Bad gateway</html>', 'service.unavailable', true],
    [502, '{"error": {"code": "Cut', 'service.unavailable', true],
    [504, arm('GatewayTimeout'), 'service.timeout', true],
  ];
  for (const [status, body, code, retryable] of cases) {
    const error = answer(status, body);
    assert.deepEqual([error.code, error.retryable], [code, retryable], `${status} ${JSON.stringify(body)}`);
    assert.match(error.message, /law-contoso|tenant T|The query|Check the workspaces/, 'says whom it is about');
  }
  assert.match(
    answer(403, { error: { code: 'InsufficientAccessError', message: 'm' } }).message,
    /needs Log Analytics Reader.*60 minutes/,
  );
});

test('Retry-After comes in six spellings', () => {
  const parse = (headers: Record<string, string>) =>
    parseRetryAfter({ header: (name) => headers[name] }, Date.parse('2026-11-22T08:00:00Z'));
  assert.equal(parse({ 'retry-after': '7' }), 7000);
  assert.equal(parse({ 'retry-after': 'Sun, 22 Nov 2026 08:00:03 GMT' }), 3000);
  assert.equal(parse({ 'retry-after-ms': '250', 'retry-after': '7' }), 250);
  assert.equal(parse({ 'x-ms-retry-after-ms': '40' }), 40);
  assert.equal(parse({ 'x-ms-user-quota-resets-after': '00:01:05' }), 65_000);
  assert.equal(parse({}), undefined);
  assert.deepEqual(answer(429, '', { 'retry-after': '7' }).data, { status: 429, retryAfterMs: 7000 });
  assert.deepEqual(answer(429).data, { status: 429 });
});

test("Entra's numbers become a next step", () => {
  const refused = (error: string, description: string) =>
    toAzureError(
      Object.assign(new Error(description), {
        name: 'AuthenticationError',
        statusCode: 400,
        errorResponse: { error, errorDescription: description },
      }),
      { tenant: 'T', what: 'tenant T' },
    );
  const cases: [string, string, string][] = [
    [
      'interaction_required',
      'AADSTS50076: Due to a configuration change ... you must use multi-factor authentication',
      'auth.interactionRequired',
    ],
    ['interaction_required', 'AADSTS50079: enroll', 'auth.interactionRequired'],
    ['invalid_grant', 'AADSTS53003: Access has been blocked by Conditional Access policies', 'auth.conditionalAccess'],
    ['invalid_grant', 'AADSTS50020: User account does not exist in tenant', 'access.notInTenant'],
    ['unauthorized_client', 'AADSTS700016: Application was not found in the directory', 'access.notInTenant'],
    ['invalid_request', 'AADSTS90002: Tenant not found', 'access.notInTenant'],
    ['invalid_client', 'AADSTS7000215: Invalid client secret provided', 'auth.badSecret'],
    ['invalid_grant', 'AADSTS65001: The user or administrator has not consented', 'auth.consentRequired'],
    [
      'invalid_request',
      'AADSTS65002: Consent between first party applications must be configured via preauthorization',
      'auth.audienceRefused',
    ],
    ['invalid_grant', 'AADSTS700082: The refresh token has expired', 'auth.signInRequired'],
    ['invalid_grant', 'AADSTS987654: Something new', 'auth.signInRequired'],
    ['odd_word', 'AADSTS987654: Something new', 'auth.refused'],
  ];
  for (const [word, text, code] of cases) assert.equal(refused(word, text).code, code, text);
  assert.deepEqual(refused('interaction_required', 'AADSTS50076: MFA').data, { tenant: 'T', aadsts: 50076 });
});

test('a connection that fails is told apart by its code, along the causes', () => {
  const failed = (code: string, message = 'x') =>
    toAzureError(
      Object.assign(new Error(message), { name: 'RestError', code, request: { url: 'https://api.example/v1' } }),
      subject,
    );
  assert.deepEqual(
    [failed('ENOTFOUND').code, failed('ECONNRESET').code, failed('ETIMEDOUT').code, failed('ECONNREFUSED').code].map(
      (code) => code.split('.')[1],
    ),
    ['nameNotFound', 'reset', 'timeout', 'refused'],
  );
  const untrusted = failed('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate');
  assert.deepEqual([untrusted.code, untrusted.retryable], ['network.untrustedCertificate', false]);
  assert.match(untrusted.message, /api\.example/);
  assert.equal(
    toAzureError(new Error('outer', { cause: Object.assign(new Error('inner'), { code: 'ENOTFOUND' }) }), subject).code,
    'network.nameNotFound',
  );
  assert.equal(
    toAzureError(
      Object.assign(new Error('network_error: self-signed certificate in certificate chain'), {
        name: 'AuthenticationError',
      }),
      subject,
    ).code,
    'network.untrustedCertificate',
  );
});

test('a body that is no JSON does not travel in the error', () => {
  const error = toAzureError(
    Object.assign(
      new Error(`Error "SyntaxError" occurred while parsing the response body - ${'secret row '.repeat(10)}.`),
      { name: 'RestError', code: 'PARSE_ERROR', response: { status: 200, headers: { get: () => undefined } } },
    ),
    subject,
  );
  assert.equal(error.code, 'service.unavailable');
  assert.doesNotMatch(error.message, /secret/);
  assert.equal(error.cause, undefined);
});

test('an answer cut at a limit is told from one that failed in part, and from a mere warning', () => {
  const partial = (innererror: object) =>
    fromPartial({
      code: 'PartialError',
      message: 'There were some errors when processing your query.',
      details: [
        { code: 'EngineError', message: 'Something went wrong processing your query on the server.', innererror },
      ],
    });
  const large = partial({
    code: '-2133196797',
    message:
      'Query result set has exceeded the internal data size limit (E_QUERY_RESULT_SET_TOO_LARGE) (64000000 bytes).',
    severity: 2,
    severityName: 'Error',
  })!;
  assert.deepEqual([large.code, large.data?.['limitBytes']], ['query.truncated', 64_000_000]);
  assert.match(large.message, /64 MB/);
  const rows = partial({
    code: '-2133196797',
    message: 'Query result set has exceeded the internal record count limit 500000 records',
    severity: 2,
    severityName: 'Error',
  })!;
  assert.match(rows.message, /500,000 rows/);
  assert.equal(
    partial({ code: '-2133196799', message: 'A shard was lost', severity: 2, severityName: 'Error' })!.code,
    'query.partial',
  );
  assert.equal(
    partial({
      code: '-2133196790',
      message: 'Fuzzy union could not find a table',
      severity: 3,
      severityName: 'Warning',
    }),
    undefined,
  );
});

test('the subject of a call comes from its path, never from its query', () => {
  assert.equal(
    subjectOf(
      'https://x/subscriptions/S/resourceGroups/R/providers/Microsoft.OperationalInsights/workspaces/law%2D1?query=Secret',
      'T',
    ).what,
    'workspace law-1',
  );
  assert.equal(subjectOf('/subscriptions/S/resourcegroups/R', 'T').what, 'resource group R');
  assert.equal(subjectOf('https://x/tenants?api-version=1', 'T').what, 'tenant T');
});

test('a refusal by Entra says what helps in that case, and an application is never sent to sign in', () => {
  const refused = (number: number, application: boolean) =>
    toAzureError(
      Object.assign(new Error(`AADSTS${number}: words of the service`), {
        name: 'AuthenticationError',
        statusCode: 400,
        errorResponse: { error: 'invalid_grant', errorDescription: `AADSTS${number}: words of the service` },
      }),
      { tenant: 'T', what: 'tenant T', application },
    );
  const cases: readonly (readonly [number, string, RegExp])[] = [
    [7000229, 'access.notInTenant', /application .* does not exist in tenant T.*consent/],
    [700016, 'access.notInTenant', /application .* does not exist in tenant T.*consent/],
    [650052, 'auth.audienceRefused', /does not know this service.*az ad sp create --id ca7f3f0b/],
    [500011, 'auth.audienceRefused', /does not know this service.*az ad sp create --id ca7f3f0b/],
    [650057, 'auth.audienceRefused', /API permissions/],
    [53000, 'auth.conditionalAccess', /device or an app it manages/],
    [53001, 'auth.conditionalAccess', /device or an app it manages/],
    [53002, 'auth.conditionalAccess', /device or an app it manages/],
    [53003, 'auth.conditionalAccess', /blocks this sign-in; signing in again will not help/],
    [530032, 'auth.conditionalAccess', /blocks this sign-in; signing in again will not help/],
    [50105, 'access.notAssigned', /only assigned accounts.*Enterprise applications/],
    [50076, 'auth.interactionRequired', /Sign in to this tenant/],
    [50079, 'auth.interactionRequired', /Sign in to this tenant/],
    [65001, 'auth.consentRequired', /administrator/],
  ];
  for (const [number, code, words] of cases) {
    const error = refused(number, false);
    assert.equal(error.code, code, String(number));
    assert.match(error.message, words, String(number));
  }
  for (const number of [50076, 50079, 53003, 7000229, 987654]) {
    assert.doesNotMatch(refused(number, true).message, /Sign in|multi-factor authentication or/, String(number));
  }
  assert.match(refused(50076, true).message, /application cannot take.*leave this service principal out/);
});

test("Resource Manager's refusals by name, with the policy, the provider and the role they ask for", () => {
  const policy = answer(403, {
    error: {
      code: 'RequestDisallowedByPolicy',
      target: 'law-new',
      message: "Resource 'law-new' was disallowed by policy. Policy identifiers: '[{...}]'.",
      additionalInfo: [
        {
          type: 'PolicyViolation',
          info: {
            policyDefinitionDisplayName: 'Allowed locations',
            policyAssignmentName: '1f3a',
            policyAssignmentDisplayName: 'Logs stay in Europe',
          },
        },
      ],
    },
  });
  assert.equal(policy.code, 'access.policy');
  assert.match(policy.message, /The policy "Logs stay in Europe" of the customer does not allow this/);
  assert.deepEqual(policy.data, {
    status: 403,
    wireCode: 'RequestDisallowedByPolicy',
    policies: ['Logs stay in Europe'],
  });

  const unregistered = answer(409, {
    error: {
      code: 'MissingSubscriptionRegistration',
      message:
        "The subscription is not registered to use namespace 'Microsoft.OperationalInsights'. See https://aka.ms/rps-not-found for how to register subscriptions.",
      details: [
        {
          code: 'MissingSubscriptionRegistration',
          target: 'Microsoft.OperationalInsights',
          message: "The subscription is not registered to use namespace 'Microsoft.OperationalInsights'.",
        },
      ],
    },
  });
  assert.equal(unregistered.code, 'access.notRegistered');
  assert.equal(unregistered.data?.['namespace'], 'Microsoft.OperationalInsights');
  assert.match(unregistered.message, /az provider register --namespace Microsoft\.OperationalInsights/);
  assert.doesNotMatch(unregistered.message, /another name/);

  const cases: readonly (readonly [number, string, string, string, RegExp])[] = [
    [
      409,
      'ScopeLocked',
      "The scope '/x' cannot perform delete operation because following scope(s) are locked: '/x'.",
      'access.locked',
      /removes the lock/,
    ],
    [
      409,
      'ReadOnlyDisabledSubscription',
      'The subscription is disabled and therefore marked as read only.',
      'access.subscription',
      /pay or reactivate/,
    ],
    [
      403,
      'RequestDisallowedByAzure',
      'Resource was disallowed by Azure: regions.',
      'access.policy',
      /Choose another region/,
    ],
    [
      403,
      'LinkedAuthorizationFailed',
      "The client has permission on scope 'a', however, it does not have permission on the linked scope 'b'.",
      'access.insufficient',
      /linked to.*role on that resource/,
    ],
    [409, 'QuotaExceeded', 'The quota is used up.', 'input.quota', /limit/],
    [409, 'Conflict', "The workspace name 'x' is not unique", 'input.conflict', /Choose another name/],
    [
      403,
      'AuthorizationFailed',
      "The client 'c' does not have authorization to perform action 'Microsoft.OperationalInsights/workspaces/write' over scope '/s'.",
      'access.insufficient',
      /Log Analytics Contributor/,
    ],
    [
      403,
      'AuthorizationFailed',
      "The client 'c' does not have authorization to perform action 'Microsoft.Resources/subscriptions/resourcegroups/write' over scope '/s'.",
      'access.insufficient',
      /Contributor on the subscription/,
    ],
    [
      403,
      'AuthorizationFailed',
      "The client 'c' does not have authorization to perform action 'Microsoft.OperationalInsights/workspaces/read' over scope '/s'.",
      'access.insufficient',
      /Log Analytics Reader/,
    ],
  ];
  for (const [status, wire, message, code, words] of cases) {
    const error = answer(status, arm(wire, message));
    assert.equal(error.code, code, wire);
    assert.match(error.message, words, wire);
  }
});

test('a gateway that gave up at once is asked again, one that gave up after minutes is not', () => {
  const timeout = answer(504, arm('GatewayTimeout'));
  assert.equal(notTwice(timeout, 2_000).retryable, true);
  assert.equal(notTwice(timeout, 600_000).retryable, false);
  assert.equal(notTwice(answer(503), 600_000).retryable, true);
});
