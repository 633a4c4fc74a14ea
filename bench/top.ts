import { readFile } from 'node:fs/promises';

interface Node {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
}

interface Profile {
  readonly nodes: readonly Node[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const [file = ''] = process.argv.slice(2);
const profile: Profile = JSON.parse(await readFile(file, 'utf8'));
const names = new Map(
  profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
    const place = url.replace(/^.*\/(node_modules|src)\//, '$1/');
    return [id, `${functionName || '(anonymous)'} ${place}:${lineNumber + 1}`];
  }),
);
const self = new Map<string, number>();
for (const [index, id] of profile.samples.entries()) {
  const name = names.get(id) ?? '';
  self.set(name, (self.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0));
}
for (const name of self.keys()) {
  // The profiler itself, and waiting.
  if (/^(post node:inspector|\(idle\))/.test(name)) self.delete(name);
}
const total = [...self.values()].reduce((sum, one) => sum + one, 0);
process.stdout.write(`${Math.round(total / 1000)} ms\n`);
const most = [...self].sort(([, a], [, b]) => b - a).slice(0, 40);
for (const [name, time] of most) {
  process.stdout.write(`${((time / total) * 100).toFixed(1).padStart(5)} %  ${name}\n`);
}
