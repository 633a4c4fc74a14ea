/** What a process has used so far. */
export interface Usage {
  readonly cpuMs: number;
  readonly peakMb: number;
}

// Loaded with --import into one of Tandem's own commands: it tells what it uses when asked and when it ends.
if (process.send) {
  const tell = () => {
    const { user, system } = process.cpuUsage();
    const peakMb = process.resourceUsage().maxRSS / 1024;
    process.send?.({ cpuMs: (user + system) / 1000, peakMb } satisfies Usage);
  };
  process.on('message', tell);
  process.on('exit', tell);
  // Whoever measures is gone.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
