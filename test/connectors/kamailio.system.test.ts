import { createKamailio } from '../../src/connectors/kamailio/kamailio.ts';
import { connectorContract } from './contract/contract.ts';
import { openKamailioLab } from './kamailio-lab.ts';

connectorContract('a Kamailio', async () => {
  const lab = await openKamailioLab();
  return {
    connector: createKamailio({ host: '127.0.0.1', port: lab.proxy.port }),
    placeable: {
      ...{ organizationId: 'acme', from: '0003*210', to: '+40722000111' },
      ...{ toExtension: false, userData: {} },
    },
    ringing: () => lab.call({ callee: 'uas_ring', until: 'RINGING' }),
    connected: () => lab.call({ callee: 'uas', until: 'CONNECTED' }),
    pressing: () => lab.call({ caller: 'uac_digits', callee: 'uas_digits', until: 'CONNECTED' }),
    twoAlike: async () => ({
      number: '15000',
      ref: await lab.call({ callee: 'uas', until: 'CONNECTED', from: '15000', to: '+15000' }),
    }),
    cut: async () => {
      await lab.proxy.cut();
      await lab.proxy.mend();
    },
    restart: async () => {
      await lab.kamailio.kill();
      await lab.kamailio.start();
    },
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
});
