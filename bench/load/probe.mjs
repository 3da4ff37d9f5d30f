/** Loaded into the server by `--import`: writes its memory, processor time and event-loop delay once a second. */
import { appendFileSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 10
const file = process.env.HONE_BENCH_PROBE
// A process that the server starts inherits the environment.
if (file && process.argv.includes('serve')) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  setInterval(() => {
    const { rss, heapUsed, external } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const sample = {
      at: Date.now(),
      rss: rss / 2 ** 20,
      heap: heapUsed / 2 ** 20,
      external: external / 2 ** 20,
      cpuSeconds: (user + system) / 1e6,
      delayP50: late(delay.percentile(50)),
      delayP99: late(delay.percentile(99)),
      delayMax: late(delay.max),
    }
    appendFileSync(file, `${JSON.stringify(sample)}\n`)
    delay.reset()
  }, 1000).unref()
  if (process.env.HONE_BENCH_PROFILE) profileInto(process.env.HONE_BENCH_PROFILE)
}

function profileInto(path) {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.start')
  process.once('exit', () =>
    session.post('Profiler.stop', (_error, { profile }) => writeFileSync(path, JSON.stringify(profile))),
  )
}
