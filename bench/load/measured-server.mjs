/** A server of its own whose memory, processor time and event-loop delay are written down while it runs. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startServer } from '../server.mjs'
import { until } from './figures.mjs'

const probe = pathToFileURL(join(import.meta.dirname, 'probe.mjs')).href

/**
 * With HONE_BENCH_PROFILE set to a file, a profile of its processor time is written there at its end.
 * @param env further settings of the server
 */
export async function startMeasuredServer(env = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'hone-load-'))
  const file = join(folder, 'probe.jsonl')
  const server = await startServer({ NODE_OPTIONS: `--import ${probe}`, HONE_BENCH_PROBE: file, ...env })
  const samples = async () =>
    (await readFile(file, 'utf8').catch(() => ''))
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  return {
    ...server,
    /** What the server needed between two moments (ms since the epoch). */
    async between(from, to) {
      const all = await samples()
      const before = all.findLast(({ at }) => at <= from) ?? all[0]
      const during = all.filter(({ at }) => at > from && at <= to)
      const most = (name) => Math.max(...during.map((sample) => sample[name]))
      const last = during.at(-1)
      return {
        rssBefore: before.rss,
        rssMost: most('rss'),
        rssGrowth: most('rss') - before.rss,
        heapMost: most('heap'),
        cpuShare: (last.cpuSeconds - before.cpuSeconds) / ((last.at - before.at) / 1000),
        delayP50: during.map(({ delayP50 }) => delayP50).toSorted((a, b) => a - b)[during.length >> 1],
        delayP99Most: most('delayP99'),
        delayMost: most('delayMax'),
      }
    },
    /** Cancels what goes on, and ends the server once its containers are gone. */
    async finish() {
      for (const run of await server.api('/runs?limit=200')) {
        if (run.endedAt === null) await server.api(`/runs/${run.id}/cancel`, {}).catch(() => {})
      }
      await until(async () => (await server.api('/runs?limit=200')).every(({ endedAt }) => endedAt !== null))
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
