import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setUp, toTest } from './setup/index.mjs'
import { inRoot, root } from './setup/paths.mjs'
import { countTests } from './setup/results.mjs'
import { ended, say } from './setup/task.mjs'

const tool = (...path) => inRoot('node_modules', ...path)
const biome = tool('@biomejs', 'biome', 'bin', 'biome')
const tsc = tool('typescript', 'bin', 'tsc')
const vitest = tool('vitest', 'vitest.mjs')

let running = null
// Ctrl-C reaches the whole process group: the child ends by it, and we after the child.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => running?.kill('SIGTERM'))

/** @returns {Promise<number>} the exit code of a Node program that may use our terminal, but not our stdin */
async function node(...args) {
  running = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const { code } = await ended(running)
  return code
}

await setUp(toTest)

const checks = [
  ['lint and format', biome, 'check', '.'],
  ['types', tsc, '--noEmit'],
  ['types of the dashboard', tsc, '--noEmit', '-p', 'web'],
]
for (const [name, ...args] of checks) {
  const code = await node(...args)
  if (code !== 0) {
    say(`${name}: failed`)
    process.exit(code)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'hone-test-'))
const report = join(folder, 'results.json')
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
let code = await node(vitest, 'run', ...reporters, ...process.argv.slice(2))
let counts = { passed: 0, failed: 1, skipped: 0 }
try {
  counts = countTests(JSON.parse(readFileSync(report, 'utf8')))
} catch (error) {
  say(`the tests left no results: ${error.message}`)
  code ||= 1
}
rmSync(folder, { recursive: true, force: true })
if (counts.skipped > 0) say(`${counts.skipped} tests were skipped: npm run test:all needs what they need`)
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`)
process.exitCode = code
