import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { report } from './chaos/table.mjs'
import { setUp, toTrain } from './setup/index.mjs'
import { inRoot, root } from './setup/paths.mjs'
import { ended, say } from './setup/task.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    worlds: { type: 'string', default: '3' },
    away: { type: 'string', default: '30' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) {
  say(`npm run chaos -- [options] [names of test/chaos/*.chaos.ts]

  --seed TEXT    decides which moments the faults come at (1)
  --rounds N     how often each cell is tried (3)
  --worlds N     how many worlds are disturbed side by side (3)
  --away N       seconds that an engine is away for (30)`)
  process.exit(0)
}

await setUp(toTrain)

const folder = mkdtempSync(join(tmpdir(), 'hone-chaos-results-'))
const env = {
  ...process.env,
  HONE_CHAOS_SEED: values.seed,
  HONE_CHAOS_ROUNDS: values.rounds,
  HONE_CHAOS_WORLDS: values.worlds,
  HONE_CHAOS_AWAY: values.away,
  HONE_CHAOS_RESULTS: folder,
}
const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs')
const began = Date.now()
const child = spawn(process.execPath, [vitest, 'run', '--project', 'chaos', ...positionals], {
  cwd: root,
  env,
  stdio: ['ignore', 'inherit', 'inherit'],
})
const { code } = await ended(child)

try {
  const cells = readFileSync(join(folder, 'cells.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const text = report(cells, { seed: values.seed, minutes: (Date.now() - began) / 60_000 })
  mkdirSync(inRoot('bench', 'results'), { recursive: true })
  const file = inRoot('bench', 'results', `chaos-${values.seed.replaceAll(/\W/g, '_')}.md`)
  writeFileSync(file, text)
  process.stdout.write(`\n${text}\n`)
  say(`written to ${file}`)
} catch (error) {
  say(`the cells left no results: ${error.message}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = code ?? 1
