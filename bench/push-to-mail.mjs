/**
 * What Hone costs around a training, measured in one run on one machine:
 * - seconds from `git push` to the first line of the training container,
 * - the time of one trial over a bare `docker run` of the same script in the same image, in turn, as a ratio,
 * - the memory of the server, idle and while it trains.
 *
 * Usage: npm run bench [-- rounds]   (needs a Docker engine and the images; `npm test` sets both up)
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { median, root, startServer } from './server.mjs'

const exec = promisify(execFile)
const rounds = Number(process.argv[2] ?? 5)
const example = join(root, 'examples', 'digits-sklearn')

const spread = (values) =>
  `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`

/** Resident memory in MiB. */
const memory = async (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

async function firstLineAt(data, runId, attemptId) {
  const log = await readFile(join(data, 'logs', `run-${runId}`, `attempt-${attemptId}.log`), 'utf8')
  return Date.parse(log.slice(0, log.indexOf(' ')).replace(/(\.\d{3})\d*Z$/, '$1Z'))
}

async function bare(image) {
  const started = Date.now()
  const mount = `${example}:/workspace:ro`
  const limits = ['--cpus', String(cpus().length), '--env', `OMP_NUM_THREADS=${cpus().length}`]
  const script = 'cp /workspace/*.py /tmp && cd /tmp && python3 -u train.py'
  await exec('docker', ['run', '--rm', '--user', '1000', ...limits, '-v', mount, image, 'sh', '-c', script])
  return (Date.now() - started) / 1000
}

const server = await startServer()
const push = (name) => server.push(name, example, { target: 1.1, trials: 1 })
try {
  const idle = await memory(server.pid)
  const warm = await push('warm')
  await server.ended(warm.runId)
  const { stdout } = await exec('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}', 'hone/sklearn'])
  const image = stdout.split('\n')[0]
  const firstLine = []
  const trial = []
  const alone = []
  const peak = []
  for (let round = 0; round < rounds; round++) {
    alone.push(await bare(image))
    const { pushedAt, runId } = await push(`round-${round}`)
    const run = await server.ended(runId)
    peak.push(await memory(server.pid))
    firstLine.push(
      (await firstLineAt(server.data, runId, run.trials[0].attempts[0].id)) / 1000 - pushedAt / 1000,
    )
    trial.push((run.trials[0].endedAt - run.trials[0].startedAt) / 1000)
  }
  const ratios = trial.map((seconds, round) => seconds / alone[round])
  console.log(
    `${cpus().length} cores, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB, Node ${process.version}, ${rounds} rounds`,
  )
  console.log('median (lowest to highest)')
  console.log(`push to the container's first line   ${spread(firstLine)} s`)
  console.log(`one trial                            ${spread(trial)} s`)
  console.log(`bare docker run of the same script   ${spread(alone)} s`)
  console.log(`trial / bare                         ${spread(ratios)}`)
  console.log(`server memory, idle                  ${idle.toFixed(0)} MiB`)
  console.log(`server memory, after each run        ${spread(peak)} MiB`)
} finally {
  await server.stop()
}
