import type { Dialect } from './dialect.ts';
import { genesys } from './genesys/genesys.ts';
import { verba } from './verba/verba.ts';
import { voipnow } from './voipnow/voipnow.ts';

/** Every dialect that this server speaks. */
export const dialects: readonly Dialect[] = [voipnow, genesys, verba];
