import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { exchangesOf, parseExchange, sendRaw } from './replay.ts';

const TEXT = `# A comment.
# Another.
POST /a HTTP/1.1
Host: localhost

{ "é": 1 }

---
HTTP/1.1 200 OK
Content-Type: application/json

[1,

2]
`;

test('an exchange is read', () => {
  const { request, response } = parseExchange(TEXT);

  expect(request.toString()).toBe(
    'POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n{ "é": 1 }',
  );
  expect(response).toEqual({
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: '[1,\n\n2]',
  });
});

test('exchanges of a file are read in order', () => {
  const other = 'GET /b HTTP/1.1\nHost: localhost\n\n---\nHTTP/1.1 204 No Content\n';

  const found = exchangesOf(`${TEXT}\n### again\n${other}`);

  expect(found.map(({ response }) => response.status)).toEqual([200, 204]);
  expect(found[1]?.request.toString()).toBe('GET /b HTTP/1.1\r\nHost: localhost\r\n\r\n');
});

test.each([
  ['of a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello'],
  [
    'in chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n',
    'hello',
  ],
  ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
])('an answer %s is read, however it is cut', async (_, answer, body) => {
  const server = createServer(async (socket) => {
    socket.setNoDelay();
    for (const byte of answer) await new Promise((resolve) => socket.write(byte, resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();

  const response = await sendRaw(
    typeof address === 'object' ? (address?.port ?? 0) : 0,
    Buffer.from('x'),
  );
  server.close();

  expect(response.body).toBe(body);
});
