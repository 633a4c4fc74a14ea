import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

test.each(['0.0.0.0/0', '::/0', '10.0.0.0/00', '10.0.0.0/33', 'loopback', '127.0.0.1/255.0.0.0'])(
  'the proxies cannot be %s',
  (range) => {
    const reading = () => readConfig({ TRUSTED_PROXIES: `10.0.0.0/8,${range}` });

    expect(reading).toThrow(ConfigError);
    expect(reading).toThrow('TRUSTED_PROXIES takes addresses and CIDR ranges from /1 on');
  },
);

test('the proxies are addresses and ranges of both families', () => {
  const TRUSTED_PROXIES = '0.0.0.0/1, 192.0.2.7, ::1, 2001:db8::/32, ::ffff:10.0.0.1';

  const config = readConfig({ TRUSTED_PROXIES });

  expect(config.TRUSTED_PROXIES).toEqual(TRUSTED_PROXIES.split(', '));
});

const DATABASE_URL = 'postgres://db/tandem';

test.each(['nats://nats:4222', 'nats://tandem:p%40ss@10.0.0.1:4222', 'tls://nats.example'])(
  'FEED takes %s',
  (FEED) => {
    expect(readConfig({ DATABASE_URL, FEED }).FEED).toBe(FEED);
  },
);

test.each(['postgres', 'http://nats:4222', 'nats://', 'nats://a:4222,nats://b:4222', 'nats://a/b'])(
  'FEED refuses %s in one sentence, without a word of it',
  (FEED) => {
    expect(() => readConfig({ DATABASE_URL, FEED })).toThrow(
      /^The configuration is wrong:\n {2}FEED takes a URL such as nats:\/\/user:password@host:4222$/,
    );
  },
);

test('an @ in the password of DATABASE_URL is refused, without a word of it', () => {
  const url = 'postgres://tandem:pa@Secret@db/tandem';

  expect(() => readConfig({ DATABASE_URL: url })).toThrow(
    /^The configuration is wrong:\n {2}DATABASE_URL has an @ in its user or password: write it as %40$/,
  );
});

test('FEED needs a Postgres that processes can share', () => {
  expect(() => readConfig({ FEED: 'nats://nats:4222' })).toThrow('FEED needs DATABASE_URL');
});

const CONNECTORS = 'pbx=simulator:,ast=simulator:';

test('NUMBERS says how each switch calls numbers', () => {
  const NUMBERS =
    'pbx=country:gb; outside:9; extensions:0003*; replace:+44207946>0003*; replace:7>, ast=organization:acme';

  const { NUMBERS: rules } = readConfig({ CONNECTORS, NUMBERS });

  expect(rules.get('pbx')).toEqual({
    ...{ country: 'GB', outside: '9', extensions: '0003*', organization: null },
    replace: [
      { from: '+44207946', to: '0003*' },
      { from: '7', to: '' },
    ],
  });
  expect(rules.get('ast')).toMatchObject({ country: null, replace: [], organization: 'acme' });
});

test.each([
  ['pbx', 'NUMBERS has a part that is not id=RULES: pbx'],
  ['lab=country:GB', 'NUMBERS names lab, which is none of CONNECTORS'],
  ['pbx=country:GB,pbx=country:DE', 'NUMBERS of pbx is there twice'],
  ['pbx=country:GB;country:DE', 'NUMBERS of pbx has country twice'],
  [
    'pbx=county:GB',
    'NUMBERS of pbx has a rule that is none of country, outside, extensions, replace, or',
  ],
  ['pbx=', 'NUMBERS of pbx has a rule that is none of'],
  ['pbx=country:England', 'NUMBERS of pbx country takes the two letters of one, such as GB'],
  ['pbx=outside:nine', 'NUMBERS of pbx outside takes 1 to 4 of 0-9, * and #, such as 9'],
  [
    'pbx=extensions:',
    'NUMBERS of pbx extensions takes what comes before short numbers, such as 0003*',
  ],
  [
    'pbx=replace:+44',
    'NUMBERS of pbx replace takes two beginnings of numbers, such as +44207946>0003*',
  ],
  ['pbx=replace:7>1;replace:7>2', 'NUMBERS of pbx replaces 7 twice'],
  ['pbx=organization:', 'NUMBERS of pbx organization takes the id of one, as imported'],
])('NUMBERS refuses %s', (NUMBERS, message) => {
  const reading = () => readConfig({ CONNECTORS, NUMBERS });

  expect(reading).toThrow(ConfigError);
  expect(reading).toThrow(message);
});

test('NUMBERS is told all of its faults at once', () => {
  const reading = () => readConfig({ CONNECTORS, NUMBERS: 'pbx=county:GB;outside:x,nonsense' });

  const faults = ['of pbx has a rule that is none of', 'of pbx outside takes', 'not id=RULES'];
  for (const fault of faults) expect(reading).toThrow(fault);
});

test('WEBHOOKS_ALLOW_PRIVATE is off unless it is 1, and takes nothing else', () => {
  const allowed = [{}, { WEBHOOKS_ALLOW_PRIVATE: '0' }, { WEBHOOKS_ALLOW_PRIVATE: '1' }].map(
    (environment) => readConfig(environment).WEBHOOKS_ALLOW_PRIVATE,
  );

  expect(allowed).toEqual([false, false, true]);
  const reading = () => readConfig({ WEBHOOKS_ALLOW_PRIVATE: 'yes' });
  expect(reading).toThrow('WEBHOOKS_ALLOW_PRIVATE takes 0 or 1');
});

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
  ['OTEL_TRACES_SAMPLER', 'sometimes'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
  ['OTEL_TRACES_SAMPLER_ARG', 'half'],
])('%s cannot be %s', (name, value) => {
  const reading = () => readConfig({ [name]: value });

  expect(reading).toThrow(ConfigError);
  expect(reading).toThrow(name);
});

test.each([
  [
    'ast=ari+http://a:S3C,RET@h:8088/?app=a&ami=a:b@h:5038',
    'has a part 2 that is not id=URL: in secrets a comma is %2C',
  ],
  ['a=kamailio://h:8448,b=kamailio://h:8448', 'CONNECTORS has one switch twice, as a and as b'],
  ['a=kamailio://127.0.0.1,b=kamailio://localhost:8448', 'CONNECTORS has one switch twice'],
  ['lab=skype:', 'CONNECTORS of lab: Unknown connector "skype:"'],
])('CONNECTORS refuses %s, and repeats no secret', (CONNECTORS, message) => {
  const reading = () => readConfig({ CONNECTORS });

  expect(reading).toThrow(message);
  expect(reading).not.toThrow('RET');
});

test('trusted documents that are no directory are named with the other faults', () => {
  const settings = { PORT: '70000', TRUSTED_DOCUMENTS: 'package.json' };

  const reading = () => readConfig(settings);

  expect(reading).toThrow('PORT takes at most 65535');
  expect(reading).toThrow('TRUSTED_DOCUMENTS takes a directory that is there');
});
