import { describe } from 'vitest';
import { testCommands } from './commands.ts';
import { testHangup } from './hangup.ts';
import { testLinks, testTelling } from './links.ts';
import type { SetUp } from './scene.ts';

/** What every connector must do, whatever its switch. */
export function connectorContract(name: string, setUp: SetUp): void {
  describe(`the connector to ${name}`, () => {
    describe('tells', () => testTelling(setUp));
    describe('ends calls', () => testHangup(setUp));
    describe('commands calls', () => testCommands(setUp));
    describe('loses its link', () => testLinks(setUp));
  });
}
