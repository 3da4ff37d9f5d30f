import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './paths.mjs'
import { SetupProblem } from './problem.mjs'

const EVERY_TERMINAL = 1_000
const EVERY_LOG = 15_000

/** Set-up speaks on stderr: stdout belongs to the command that follows, which may print JSON. */
export const say = (line) => void process.stderr.write(`hone: ${line}\n`)

/**
 * Shows that a long step goes on: elapsed seconds in place on a terminal, a line now and then elsewhere.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @param {() => string} [detail] how far it is; empty where that is not known
 * @returns {Promise<T>}
 */
export async function withProgress(label, work, detail = () => '') {
  const terminal = process.stderr.isTTY === true
  const started = performance.now()
  const seconds = () => `${Math.round((performance.now() - started) / 1000)} s`
  const write = (text) => process.stderr.write(terminal ? `\r\x1b[K${text}` : `${text}\n`)
  write(`hone: ${label} ...`)
  const timer = setInterval(
    () => write(`hone: ${label} ... ${[seconds(), detail()].filter(Boolean).join(', ')}`),
    terminal ? EVERY_TERMINAL : EVERY_LOG,
  )
  let done = false
  try {
    const result = await work()
    done = true
    return result
  } finally {
    clearInterval(timer)
    write(`hone: ${label}: ${done ? 'done' : 'failed'} after ${seconds()}`)
    if (terminal) process.stderr.write('\n')
  }
}

/**
 * Runs a program with its output in a log file.
 * @param {string} label
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, allow?: number[], remedy?: string[], detail?: () => string }} [options] `allow`:
 *   further exit codes that are no failure; `detail`: how far it is
 * @returns {Promise<{ code: number, output: string }>}
 * @throws SetupProblem with the log's end
 */
export async function task(label, command, args, { env = {}, allow = [], remedy = [], detail } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hone-setup-'))
  const log = join(folder, 'output.log')
  const file = openSync(log, 'w')
  let keepLog = false
  try {
    return await withProgress(
      label,
      async () => {
        const { code, why } = await ended(
          spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', file, file] }),
        )
        const output = readFileSync(log, 'utf8')
        if (code === 0 || allow.includes(code)) return { code, output }
        keepLog = true
        throw new SetupProblem(
          `'${[command, ...args].join(' ')}' failed (${why}); its whole output is in ${log}`,
          remedy,
          tail(output),
        )
      },
      detail,
    )
  } finally {
    closeSync(file)
    if (!keepLog) rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ code: number, why: string }>} 127 when it could not be started
 */
export const ended = (child) =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, why: error.message }))
    child.once('exit', (code, signal) =>
      resolve({ code: code ?? 1, why: signal ? `killed by ${signal}` : `exit code ${code}` }),
    )
  })

/** @param {string} text */
export const tail = (text, lines = 25) => text.trimEnd().split('\n').slice(-lines).join('\n')
