import { expect, test } from 'vitest';
import { isPrivateReceiver } from '../../src/model/private-receiver.ts';

test.each([
  ...['http://10.0.0.1/hook', 'https://172.31.255.255/', 'http://192.168.1.1:9000/'],
  ...['http://127.0.0.1/', 'http://127.1/', 'http://0x7f000001/', 'http://2130706433/'],
  ...['http://169.254.169.254/latest', 'http://0.0.0.0/', 'http://100.64.0.1/'],
  ...['http://[::1]/', 'http://[::]/', 'http://[fd00::1]/', 'http://[fe80::1]/'],
  ...['http://[::ffff:127.0.0.1]/', 'http://[::ffff:a00:1]/'],
  ...['http://224.0.0.1/', 'http://255.255.255.255/', 'http://240.0.0.1/', 'http://198.18.0.1/'],
  ...['http://192.0.0.1/', 'http://192.0.2.1/', 'http://[64:ff9b::7f00:1]/', 'http://[100::1]/'],
  ...['http://[64:ff9b:1::a00:1]/', 'http://[2002:7f00:1::]/', 'http://[fec0::1]/'],
  ...['http://[ff02::1]/', 'http://[2001:db8::1]/', 'http://[::7f00:1]/'],
  ...['http://localhost/', 'http://LOCALHOST./', 'http://crm.localhost:8080/'],
])('%s is private', (url) => {
  const found = isPrivateReceiver(url);

  expect(found).toBe(true);
});

test.each([
  ...['https://crm.example/', 'http://172.32.0.1/', 'http://11.0.0.1/', 'http://[2a00:1450::1]/'],
  ...['http://223.1.1.1/', 'http://[2606:4700::1111]/'],
  ...['http://localhost.example/', 'http://10.example/', 'http://127.0.0.1.example/'],
])('%s may be public', (url) => {
  const found = isPrivateReceiver(url);

  expect(found).toBe(false);
});
