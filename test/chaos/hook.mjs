/**
 * Preloaded into a real server (`node --import`): at every fault point it tells the controller on descriptor 3 and holds the
 * whole process, by a blocking read, until the controller answers one byte. Without a controller it does nothing.
 */
import { readSync, writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const CHANNEL = 3
const answer = Buffer.alloc(1)

if (isMainThread) {
  globalThis[Symbol.for('hone.fault-points')] = (point) => {
    try {
      writeSync(CHANNEL, `${point}\n`)
      readSync(CHANNEL, answer, 0, 1, null)
    } catch (error) {
      // The controller has gone: nobody waits for this server any more.
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error
    }
  }
}
