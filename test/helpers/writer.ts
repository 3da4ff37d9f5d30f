import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Another process that commits as fast as it can: in each transaction both counters rise by one and a row is written, so
 * that a copy in which they differ was not taken at one moment.
 */
const WRITER = `
const db = require('better-sqlite3')(process.argv[1], { timeout: 5000 })
db.pragma('synchronous = NORMAL')
const set = db.prepare("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
const event = db.prepare("INSERT INTO events (type, data, at) VALUES ('progress', ?, 0)")
let count = 0
const step = db.transaction(() => {
  count++
  set.run('first', String(count))
  event.run(JSON.stringify({ text: 'x'.repeat(2000) }))
  set.run('second', String(count))
})
const loop = () => {
  for (let n = 0; n < 50; n++) step.immediate()
  if (count === 50) console.log('writing')
  setImmediate(loop)
}
loop()
`

/** @returns the process once it writes; to be killed */
export async function hardWriter(database: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', WRITER, database], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

export async function killed(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
