/**
 * Preloaded into a real server (`node --import`): shifts its wall clock by the ms in the file HONE_TEST_CLOCK, from the moment
 * they stand there. Timers and `performance.now` go on as before, as they do when a machine's clock is set.
 */
import { openSync, readSync } from 'node:fs'

const RealDate = Date
const real = Date.now.bind(Date)
const file = openSync(process.env.HONE_TEST_CLOCK, 'r')
const buffer = Buffer.alloc(32)

/** Asked each time, so that a server that stands still finds its clock set, too. */
function now() {
  const length = readSync(file, buffer, 0, buffer.length, 0)
  return real() + (Number(buffer.toString('latin1', 0, length)) || 0)
}

class SetDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now())
    else super(...args)
  }
  static now() {
    return now()
  }
}
globalThis.Date = SetDate
