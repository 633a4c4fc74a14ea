const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ 'application/json': { schema } });
const page = { 'text/html': { schema: { type: 'string' } } };

/** What goes to the token's path, in a form. */
const TOKEN_FORM = {
  type: 'object',
  required: ['grant_type'],
  properties: {
    grant_type: text('What the token is for.', {
      enum: ['client_credentials', 'authorization_code', 'refresh_token'],
    }),
    client_id: text('The app’s; it may come by Basic, with the secret.'),
    client_secret: text('The app’s.'),
    code: text('What the user was sent back with.'),
    redirect_uri: text('Where to; of a code, the same as before.'),
    code_verifier: text('Of a code that was asked for with a challenge.'),
    refresh_token: text('What renews a token.'),
    scope: text('Some of READ, CONTROL and MANAGE, with spaces between; all by default.'),
  },
};

const CONSENT_PARAMETERS = {
  response_type: text('The only one.', { enum: ['code'] }),
  client_id: text('The app’s.'),
  redirect_uri: text('Exactly one of the app’s.'),
  state: text('Comes back with the code.', { minLength: 16 }),
  scope: TOKEN_FORM.properties.scope,
  code_challenge: text('PKCE’s.'),
  code_challenge_method: text('PKCE’s.', { enum: ['S256'] }),
};
const OPTIONAL = ['scope', 'code_challenge', 'code_challenge_method'];

/** What no endpoint sees: it is refused before. */
const TOO_LONG = {
  413: { description: 'The body is too large.', content: json(ref('OauthError')) },
  431: {
    description: 'The URL and the headers together are too long.',
    content: json(ref('OauthError')),
  },
};

const token = (operationId: string) => ({
  ...{ tags: ['OAuth'], summary: 'Get a token.', operationId, security: [] },
  requestBody: {
    required: true,
    content: { 'application/x-www-form-urlencoded': { schema: TOKEN_FORM } },
  },
  responses: {
    200: { description: 'A token.', content: json(ref('Token')) },
    400: { description: 'It is refused; `error` says why.', content: json(ref('OauthError')) },
    401: {
      description: 'The secret that came by Basic is wrong.',
      content: json(ref('OauthError')),
    },
    ...TOO_LONG,
    429: { description: 'Too many requests.', content: json(ref('OauthError')) },
    503: { description: 'A part of the server is away.', content: json(ref('OauthError')) },
  },
});

const authorize = (operationId: string) => ({
  ...{ tags: ['OAuth'], summary: 'Ask a user for consent.', operationId, security: [] },
  parameters: Object.entries(CONSENT_PARAMETERS).map(([name, { description, ...schema }]) => ({
    ...{ name, in: 'query', required: !OPTIONAL.includes(name), description, schema },
  })),
  responses: {
    200: { description: 'The page that asks.', content: page },
    302: { description: 'Back to the app, which is told what is wrong.' },
    400: { description: 'There is no such app, or not at that address.', content: page },
    431: TOO_LONG[431],
  },
});

/** What the page sends with a decision; an app may send the same by POST as by GET. */
const CONSENT_FORM = {
  type: 'object',
  required: Object.keys(CONSENT_PARAMETERS).filter((name) => !OPTIONAL.includes(name)),
  properties: {
    ...CONSENT_PARAMETERS,
    decision: text('Of the page: whether the user consents; without it the page is shown.', {
      enum: ['allow', 'deny'],
    }),
    seal: text('Of the page, with whose cookie it comes.'),
    username: text('Of the page: who consents.'),
    password: text('Of the page.'),
  },
};

const consent = (operationId: string) => {
  const { summary: _, parameters: __, responses, ...rest } = authorize(operationId);
  return {
    ...{ ...rest, summary: 'Ask a user for consent, or send it.' },
    requestBody: {
      required: true,
      content: { 'application/x-www-form-urlencoded': { schema: CONSENT_FORM } },
    },
    responses: {
      ...responses,
      401: { description: 'The user name or the password is wrong.', content: page },
      403: { description: 'The page was too old, or its cookie has not come.', content: page },
      ...TOO_LONG,
      429: { description: 'Too many tries.', content: page },
    },
  };
};

/** OAuth 2, which lies beside the dialect's base. @param origin of this server */
export function oauthPaths(origin: string): Record<string, object> {
  const servers = [{ url: origin, description: 'Beside the UnifiedAPI.' }];
  return {
    '/oauth/token.php': { post: { servers, ...token('postToken') } },
    '/oauth/token': { post: { servers, ...token('postTokenAlias') } },
    '/oauth/authorize.php': {
      get: { servers, ...authorize('getAuthorize') },
      post: { servers, ...consent('postAuthorize') },
    },
    '/oauth/authorize': {
      get: { servers, ...authorize('getAuthorizeAlias') },
      post: { servers, ...consent('postAuthorizeAlias') },
    },
  };
}

/** The schemas that they answer with. */
export const OAUTH_SCHEMAS = {
  Token: {
    ...{ type: 'object', description: 'A token.', required: ['access_token', 'token_type'] },
    properties: {
      access_token: text('Goes into `Authorization`, after `Bearer`.'),
      token_type: text('`Bearer`.'),
      expires_in: { type: 'integer', description: 'Seconds: an hour.' },
      refresh_token: text('Renews it, once within 14 days; where a user has consented.'),
      scope: text('What it allows.'),
    },
  },
  OauthError: {
    ...{ type: 'object', description: 'A refusal in the words of RFC 6749.', required: ['error'] },
    properties: {
      error: text('Such as `invalid_client`.'),
      error_description: text('For people.'),
    },
  },
};
