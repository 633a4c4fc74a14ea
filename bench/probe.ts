import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { answerCalls } from './rpc.ts';

/** What a process has used so far. */
export interface Usage {
  readonly cpuMs: number;
  readonly peakMb: number;
}

const usage = (): Usage => {
  const { user, system } = process.cpuUsage();
  return {
    cpuMs: (user + system) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
};

let profiler: Session | undefined;

const handlers = {
  usage,
  /** What is reachable, if the process was started with --expose-gc. */
  memory: () => {
    globalThis.gc?.();
    const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
    // `external` has the array buffers in it.
    return { bytes: heapUsed + external, heapUsed, external, arrayBuffers, rss };
  },
  startProfile: async () => {
    profiler = new Session();
    profiler.connect();
    await profiler.post('Profiler.enable');
    await profiler.post('Profiler.setSamplingInterval', { interval: 500 });
    await profiler.post('Profiler.start');
  },
  writeProfile: async (file: string) => {
    if (!profiler) throw new Error('No profile was started.');
    const { profile } = await profiler.post('Profiler.stop');
    profiler.disconnect();
    await writeFile(file, JSON.stringify(profile));
  },
};

/** What a process with the probe in it can be asked. */
export type Probe = typeof handlers;

// Loaded with --import into a process to be measured: it tells what it uses when asked and when it ends.
if (process.send) {
  answerCalls(handlers);
  process.on('exit', () => process.send?.(usage()));
  // Whoever measures is gone.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
