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
  return Object.fromEntries(new URLSearchParams(text));
}

async function partsOf(body: Buffer<ArrayBuffer>, type: string) {
  try {
    const parts = await new Response(body, { headers: { 'content-type': type } }).formData();
    return Object.fromEntries([...parts].flatMap(([name, sent]) => textOf(name, sent)));
  } catch {
    throw notForm();
  }
}

const textOf = (name: string, sent: FormDataEntryValue): [string, string][] =>
  typeof sent === 'string' ? [[name, sent]] : [];

const notForm = () =>
  new OAuth2Server.InvalidRequestError(
    'Invalid request: the body must be a form (application/x-www-form-urlencoded)',
  );
