// Runs after each install. postgres 3.4.9 ends the process when a connection breaks within a transaction or while
// it is opened, leaves one that broke in the midst of a write unable to write ever again, and sends what is left of
// a transaction over whatever its connection has become: github.com/porsager/postgres, issues 1154, 1192 and 1208.
import { readFile, writeFile } from 'node:fs/promises';

const CLOSED = "Errors.connection('CONNECTION_CLOSED', options)";
const MENDS = {
  'src/connection.js': [
    [
      '  function nextWrite(fn) {\n',
      `  function nextWrite(fn) {
    if (socket === null) {
      nextWriteTimer !== null && clearImmediate(nextWriteTimer)
      chunk = nextWriteTimer = null
      error(${CLOSED})
      return false
    }
`,
    ],
    // Rejected for nobody to see; whoever waits for the connection is told by other ways.
    ['return fetchArrayTypes()\n', 'return fetchArrayTypes().catch(() => {})\n'],
    [
      '    clearImmediate(nextWriteTimer)\n    socket.removeListener',
      '    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener',
    ],
    [
      '    clearImmediate(nextWriteTimer)\n    if (socket) {',
      '    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    if (socket) {',
    ],
  ],
  'src/index.js': [
    ['      , prepare = null\n', '      , prepare = null\n      , gone = false\n'],
    [
      'connection.onclose = reject)\n      ])',
      'connection.onclose = (e) => { gone = true; reject(e) })\n      ])',
    ],
    [
      '        c.queue === full\n          ? queries.push(q)\n          : c.execute(q) || move(c, full)\n      }\n    }\n\n    function onexecute',
      `        if (gone)
          return q.reject(${CLOSED})
        c.queue === full
          ? queries.push(q)
          : c.execute(q) || move(c, full)
      }
    }

    function onexecute`,
    ],
  ],
};

for (const [path, mends] of Object.entries(MENDS)) {
  const file = new URL(`../node_modules/postgres/${path}`, import.meta.url);
  let text = await readFile(file, 'utf8');
  for (const [broken, whole] of mends) {
    if (text.includes(whole)) continue;
    if (text.split(broken).length !== 2) throw new Error(`${path} is not that of postgres 3.4.9.`);
    text = text.replace(broken, () => whole);
  }
  await writeFile(file, text);
}
