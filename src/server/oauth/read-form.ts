import OAuth2Server from '@node-oauth/oauth2-server';

/**
 * The parameters in a body. Samples begin it with `&`, and send it under any content type, or none; PHP's arrays of
 * fields come in parts. What is JSON, or no parts, is told as what it is, and not as a client that is none.
 */
export async function readForm(request: Request): Promise<Readonly<Record<string, string>>> {
  const type = request.headers.get('content-type') ?? '';
  const body = Buffer.from(await request.arrayBuffer());
  if (/^multipart\/form-data/i.test(type)) return partsOf(body, type);
  const text = body.toString();
  if (text.trimStart().startsWith('{')) throw notForm();
  return onceEach([...new URLSearchParams(text)]);
}

async function partsOf(body: Buffer<ArrayBuffer>, type: string) {
  const parts = await new Response(body, { headers: { 'content-type': type } })
    .formData()
    .catch(() => Promise.reject(notForm()));
  return onceEach([...parts].flatMap(([name, sent]) => textOf(name, sent)));
}

/** Which of two is meant is not guessed (RFC 6749, 3.2). */
function onceEach(sent: readonly [string, string][]): Readonly<Record<string, string>> {
  const form = new Map<string, string>();
  for (const [name, value] of sent) {
    if (form.has(name)) throw twice(name);
    form.set(name, value);
  }
  return Object.fromEntries(form);
}

const twice = (name: string) =>
  new OAuth2Server.InvalidRequestError(`Invalid request: \`${printable(name)}\` came twice`);

/** What may stand in a description (RFC 6749, 5.2). */
const printable = (name: string) =>
  name.slice(0, 64).replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?');

const textOf = (name: string, sent: FormDataEntryValue): [string, string][] =>
  typeof sent === 'string' ? [[name, sent]] : [];

const notForm = () =>
  new OAuth2Server.InvalidRequestError(
    'Invalid request: the body must be a form (application/x-www-form-urlencoded)',
  );
