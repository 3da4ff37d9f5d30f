/** A container that prints 200,000 lines a second for a minute, beside one that prints one line a second. */
import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { needs, spread, until } from './figures.mjs'
import { follow, logFollower } from './live.mjs'
import { startMeasuredServer } from './measured-server.mjs'

const exec = promisify(execFile)
const here = import.meta.dirname
const ALONE_S = 20
const BASELINE_S = 30

export async function flood() {
  console.log('\nA container that prints 200,000 lines a second for a minute')
  console.log(`the engine alone, nobody reads its log, lines a second   ${(await alone(false)).toFixed(0)}`)
  console.log(`the engine alone, \`docker logs -f\` reads along           ${(await alone(true)).toFixed(0)}`)
  const server = await startMeasuredServer({ HONE_PARALLEL: '2' })
  try {
    await withHone(server)
  } finally {
    await server.finish()
  }
}

async function withHone(server) {
  const settings = { target: 1.1, trials: 1 }
  const ticker = await running(server, await server.push('ticker', join(here, 'ticker'), settings))
  const ticks = watchTicks(server, ticker)
  await until(() => ticks.length > 5)
  const from = Date.now()
  await setTimeout(BASELINE_S * 1000)
  const to = Date.now()
  const { runId } = await server.push('flood', join(here, 'flood'), settings)
  const { attemptId } = await running(server, { runId })
  const begun = Date.now()
  await until(async () => (await server.api(`/runs/${runId}`)).attempts[0].endedAt !== null)
  const over = Date.now()
  await until(async () => (await server.api(`/runs/${runId}`)).endedAt !== null)
  const baseline = await server.between(from, to)
  const used = await server.between(begun, over)
  const run = await server.api(`/runs/${runId}`)
  reportLog(await checkLog(server.data, runId, attemptId), run)
  reportTicks('without', inTime(ticks, from, to), await stamps(server.data, ticker))
  reportTicks('with the flood', inTime(ticks, begun, over), await stamps(server.data, ticker))
  console.log(`without the flood:\n${needs(baseline)}`)
  console.log(`with the flood:\n${needs(used)}`)
}

/** Lines a second that a container gets rid of without Hone. */
async function alone(followed) {
  const image = (await exec('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}', 'hone/sklearn']))
    .stdout
  const log = ['--log-driver', 'json-file', '--log-opt', 'max-size=64m', '--log-opt', 'max-file=3']
  const mount = ['-v', `${join(here, 'flood')}:/flood:ro`]
  const command = ['python3', '/flood/noise.py', String(ALONE_S)]
  const { stdout } = await exec('docker', ['run', '-d', ...log, ...mount, image.split('\n')[0], ...command])
  const id = stdout.trim()
  const reader = followed ? exec('sh', ['-c', `docker logs -f ${id} > /dev/null`]) : null
  await exec('docker', ['wait', id])
  await reader
  const { stdout: last } = await exec('docker', ['logs', '--tail', '1', id])
  await exec('docker', ['rm', '-v', id])
  const [, lines, seconds] = /flood over: (\d+) lines in ([\d.]+) s/.exec(last)
  return Number(lines) / Number(seconds)
}

async function running(server, { runId }) {
  const attempt = await until(async () => {
    const { attempts, endedAt, conclusion } = await server.api(`/runs/${runId}`)
    if (endedAt !== null) throw new Error(JSON.stringify(conclusion))
    return attempts.find(({ state }) => state === 'running')
  })
  return { runId, attemptId: attempt.id }
}

/** The delay of each tick from the moment it was printed to the moment an open page has it. */
function watchTicks(server, { runId, attemptId }) {
  const ticks = []
  const read = logFollower(server, attemptId, (text) => {
    const now = Date.now()
    for (const [, tick, at] of text.matchAll(/^tick (\d+) ([\d.]+)$/gm)) {
      ticks.push({ tick: Number(tick), at: Number(at) * 1000, seen: now })
    }
  })
  follow(server, runId, 0, { open: read, log: (notice) => notice.attemptId === attemptId && read() })
  return ticks
}

const inTime = (ticks, from, to) => ticks.filter(({ at }) => at > from && at <= to)

const logPath = (data, runId, attemptId) => join(data, 'logs', `run-${runId}`, `attempt-${attemptId}.log`)

/** When the engine took each tick, ms. */
async function stamps(data, { runId, attemptId }) {
  const text = await readFile(logPath(data, runId, attemptId), 'utf8')
  const lines = text.matchAll(/^(\S+) tick (\d+) /gm)
  return new Map([...lines].map(([, at, tick]) => [Number(tick), preciseTime(at)]))
}

/** RFC 3339 with nanoseconds -> ms. */
const preciseTime = (at) =>
  Date.parse(`${at.slice(0, 19)}Z`) + 1000 * Number(`0${/\.\d+/.exec(at)?.[0] ?? ''}`)

function reportTicks(when, ticks, taken) {
  const all = ticks.map(({ at, seen }) => seen - at)
  const own = ticks.map(({ tick, seen }) => seen - (taken.get(tick) ?? Number.NaN))
  console.log(`a line of the other run, ${when}: ${ticks.length} lines, printed to seen, ms   ${spread(all)}`)
  console.log(`   of it Hone's, from the engine's stamp to seen, ms   ${spread(own)}`)
}

async function checkLog(data, runId, attemptId) {
  const path = logPath(data, runId, attemptId)
  const texts = (await readFile(path, 'utf8')).split('\n').map((line) => line.slice(line.indexOf(' ') + 1))
  texts.pop()
  const cut = texts.findIndex((text) => text.startsWith('[hone]') && text.includes('not kept'))
  const notKept = cut < 0 ? 0 : Number(/\(([\d,]+) lines?\)/.exec(texts[cut])[1].replaceAll(',', ''))
  const over = texts.findLast((text) => text.startsWith('flood over')) ?? ''
  const [, printed, seconds] = /flood over: (\d+) lines in ([\d.]+) s/.exec(over) ?? []
  const numbers = texts.flatMap((text) => (/^flood \d/.test(text) ? [Number(text.split(' ')[1])] : []))
  return {
    bytes: (await stat(path)).size,
    notice: texts[cut],
    end: texts.slice(-2),
    kept: texts.length - (cut < 0 ? 0 : 1),
    notKept,
    printed: Number(printed),
    seconds: Number(seconds),
    inOrder: numbers.slice(0, -1).every((number, at) => !(number >= numbers[at + 1])),
  }
}

function reportLog(log, run) {
  console.log(`printed with Hone, lines a second          ${(log.printed / log.seconds).toFixed(0)}`)
  console.log(`log file, MiB; its notice                  ${(log.bytes / 2 ** 20).toFixed(2)}; ${log.notice}`)
  console.log(`lines printed / kept and counted as cut    ${log.printed} / ${log.kept + log.notKept}`)
  console.log(`its end                                    ${JSON.stringify(log.end)}`)
  console.log(`in order                                   ${log.inOrder}`)
  console.log(`the metric in its midst                    ${run.best}`)
}
