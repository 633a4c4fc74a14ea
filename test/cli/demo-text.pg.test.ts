import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { demoText } from '../../src/cli/demo-text.ts';
import { startTandem } from '../support/tandem.ts';

const run = promisify(execFile);

test.each([false, true])('the printed line of Genesys works when GWS_CSRF is %s', async (csrf) => {
  await using tandem = await startTandem({ demo: true, settings: { GWS_CSRF: String(csrf) } });
  const printed = demoText(tandem.url, { csrf });
  const [, lines = ''] =
    /# Genesys: .*\n([^#]*(?:# GWS_CSRF=true\n[^#]*)?)\n\n/.exec(printed) ?? [];

  const { stdout } = await run('sh', ['-c', lines]);

  expect(stdout).toContain('HTTP/1.1 200 OK');
  expect(stdout).toContain('{"statusCode":0}');
});
