import type { Dialect } from './dialect.ts';
import { genesys } from './genesys/genesys.ts';
import { verba } from './verba/verba.ts';
import type { VoipnowSettings } from './voipnow/settings.ts';
import { createVoipnow } from './voipnow/voipnow.ts';

/** What may be set about the dialects; what is absent is as most clients want it. */
export interface DialectSettings {
  readonly voipnow?: VoipnowSettings;
}

/** Every dialect that this server speaks. */
export const createDialects = ({ voipnow }: DialectSettings = {}): readonly Dialect[] => [
  createVoipnow(voipnow),
  genesys,
  verba,
];

/** All of them without any settings. */
export const dialects: readonly Dialect[] = createDialects();
