import { onNats } from '../support/nats-engine.ts';
import { feedContract } from './contract/contract.ts';
import { readers } from './contract/readers.ts';

onNats((engine) => {
  feedContract(engine);
  readers(engine.openOn);
});
