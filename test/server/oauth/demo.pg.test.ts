import { expect, test } from 'vitest';
import { demoText } from '../../../src/cli/demo-text.ts';
import { askForToken, landing, startOauth, statusWith, submit } from './lab.ts';

test('what the demo prints leads from the link to a token, and on to the next one', async () => {
  await using tandem = await startOauth();
  const printed = demoText(tandem.url, { csrf: false });
  const [link = ''] = /\S+authorize\.php\S+/.exec(printed) ?? [];
  const [, ofCode = ''] = /'(\S+code=)CODE'/.exec(printed) ?? [];
  const [, renewing = ''] = /'(\S+refresh_token=)REFRESH_TOKEN'/.exec(printed) ?? [];

  const sentBack = await submit(tandem, Object.fromEntries(new URL(link).searchParams), {});
  const first = await askForToken(tandem, ofCode + landing(sentBack).told['code']);
  const next = await askForToken(tandem, renewing + first.body.refresh_token);

  expect([first.status, next.status]).toEqual([200, 200]);
  expect(await statusWith(tandem, next.body.access_token)).toBe(200);
});
