import { describe, expect, test } from 'vitest';
import { settingsFromUrl } from '../../../src/connectors/asterisk/settings.ts';

const AMI = 'ami=u:s@h:5038';

describe("an Asterisk's URL", () => {
  test('says where it is, and what is told to it', () => {
    const settings = settingsFromUrl(
      new URL(`ari+http://tandem:s%40e+c@pbx:8088/?app=gate&ami=tandem:a:b%26+@pbx:5039`),
    );

    expect(settings).toEqual({
      httpUrl: 'http://pbx:8088',
      ari: { user: 'tandem', secret: 's@e+c' },
      app: 'gate',
      ami: { user: 'tandem', secret: 'a:b&+', host: 'pbx', port: 5039, tls: false },
      endpoint: 'PJSIP/{number}',
      context: null,
    });
  });

  test.each([
    ['TLS and a prefix', `ari+https://u:s@h/pbx/?${AMI}`, { httpUrl: 'https://h/pbx' }],
    ['no app', `ari+http://u:s@h:8088/?${AMI}`, { app: 'tandem' }],
    [
      'no port of AMI',
      'ari+http://u:s@h/?ami=u:s@h',
      { ami: { user: 'u', secret: 's', host: 'h', port: 5038, tls: false } },
    ],
    [
      'AMI by TLS',
      'ari+http://u:s@h/?ami=tls:u:s:t@h',
      { ami: { user: 'u', secret: 's:t', host: 'h', port: 5039, tls: true } },
    ],
    ['a user named tls', 'ari+http://u:s@h/?ami=tls:s@h', { ami: { user: 'tls', secret: 's' } }],
    [
      'IPv6',
      'ari+http://u:s@[::1]:8088/?ami=u:s@[::1]:5038',
      { httpUrl: 'http://[::1]:8088', ami: { user: 'u', secret: 's', host: '::1', port: 5038 } },
    ],
    ['an endpoint', `ari+http://u:s@h/?${AMI}&endpoint=SIP/{number}`, { endpoint: 'SIP/{number}' }],
    ['a context', `ari+http://u:s@h/?${AMI}&context=phones`, { context: 'phones' }],
  ])('may have %s', (_what, url, expected) => {
    expect(settingsFromUrl(new URL(url))).toMatchObject(expected);
  });

  test.each([
    ['no secret', `ari+http://user@h/?${AMI}`],
    ['no user', `ari+http://:hush@h/?${AMI}`],
    ['no ami', 'ari+http://u:hush@h/?app=x'],
    ['an ami without a secret', 'ari+http://u:hush@h/?ami=u@h'],
    ['an ami with two lines', 'ari+http://u:hush@h/?ami=u:hush%0d%0aAction@h'],
    ['a bare # in a secret', 'ari+http://u:s@h/?ami=u:hu#sh@h'],
    ['a bare % in a secret', 'ari+http://u:s@h/?ami=u:hush%zz@h'],
    ['an unknown option', `ari+http://u:hush@h/?${AMI}&hush=1`],
    ['an app that is none', `ari+http://u:hush@h/?${AMI}&app=a,b`],
    ['an endpoint of one number', `ari+http://u:hush@h/?${AMI}&endpoint=PJSIP/1`],
  ])('is refused with %s, and nothing secret is said', (_what, url) => {
    const read = () => settingsFromUrl(new URL(url));

    expect(read).toThrow(/Asterisk/);
    expect(read).not.toThrow(/hush/);
  });
});
