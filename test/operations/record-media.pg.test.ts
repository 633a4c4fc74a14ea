import { expect, test } from 'vitest';
import type { CallRef } from '../../src/connectors/connector.ts';
import { findCall } from '../../src/operations/find-call.ts';
import {
  pauseRecording,
  resumeRecording,
  startRecording,
  stopRecording,
} from '../../src/operations/record-media.ts';
import { eachLab } from '../support/each-lab.ts';
import type { Lab } from '../support/lab.ts';

const OUTSIDE = '0722000111';

let lab: Lab;
let numbers: Lab['organization']['numbers'];

eachLab((scene) => {
  ({ lab, numbers } = scene);
});

/** A call as the switch has it. */
function liveCall(ref: CallRef) {
  const call = lab.exchange.lookUp(ref);
  if (!call) throw new Error('The call has ended.');
  return call;
}

test('a recording is started, paused, resumed and stopped', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  const states: string[] = [];

  for (const step of [startRecording, pauseRecording, resumeRecording, stopRecording]) {
    await step(lab.as('alice'), { callId });
    states.push((await findCall(lab.as('alice'), { callId })).recordingState);
  }

  expect(states).toEqual(['RECORDING', 'PAUSED', 'RECORDING', 'STOPPED']);
});

test('what is so already is refused, unless it is only wanted if needed', async () => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);
  await startRecording(lab.as('alice'), { callId });
  await pauseRecording(lab.as('alice'), { callId });

  const again = await Promise.allSettled([
    pauseRecording(lab.as('alice'), { callId, ifNeeded: true }),
    pauseRecording(lab.as('alice'), { callId }),
  ]);

  expect(again).toMatchObject([{ value: { callId } }, { reason: { code: 'WRONG_STATE' } }]);
});

test.each([
  ['paused', pauseRecording, 'RECORDING', 'PAUSED'],
  ['resumed', resumeRecording, 'PAUSED', 'RECORDING'],
] as const)(
  'what nobody has told of is %s all the same, if needed',
  async (_name, step, was, is) => {
    const { id: callId, ref } = await lab.adopt([OUTSIDE, numbers.front], { recordingState: is });
    lab.exchange.faults.add('missed-events');
    lab.exchange.put({ ...liveCall(ref), recordingState: was });

    await step(lab.as('alice'), { callId, ifNeeded: true });

    expect(liveCall(ref).recordingState).toBe(is);
  },
);

test('what is so on the switch, of which nobody has told, is so if it is only wanted if needed', async () => {
  const { id: callId, ref } = await lab.adopt([OUTSIDE, numbers.front], {
    recordingState: 'RECORDING',
  });
  lab.exchange.faults.add('missed-events');
  lab.exchange.put({ ...liveCall(ref), recordingState: 'PAUSED' });

  const pausing = pauseRecording(lab.as('alice'), { callId, ifNeeded: true });

  await expect(pausing).resolves.toMatchObject({ callId });
});

test.each([
  ['stop', stopRecording],
  ['pause', pauseRecording],
  ['resume', resumeRecording],
])('the %s of a recording that is none is refused', async (_name, step) => {
  const { id: callId } = await lab.adopt([OUTSIDE, numbers.front]);

  const done = step(lab.as('alice'), { callId });

  await expect(done).rejects.toMatchObject({ code: 'WRONG_STATE' });
});
