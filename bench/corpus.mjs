/**
 * Measures `analyse` on public scripts with labels made by reading them. The labels name repository, commit and path; the
 * checkouts are yours to make, each in FOLDER/<owner>+<name>/.
 *
 * Usage: npm run bench:corpus -- FOLDER [--labels test/corpus] [--half dev|held-out|all] [--misses]
 *          [--rewrite-check OUT [--seed 1]]
 *
 * With --rewrite-check all hyperparameters of a case get random values within their bounds; original and rewritten files
 * and a manifest go to OUT, and the real CPython of a container of Hone's base image says what else differs.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readCases } from './corpus/cases.mjs'
import { byKind, misses, summary } from './corpus/report.mjs'
import { compareInContainer, rewriteCase, startManifest } from './corpus/rewrite-check.mjs'
import { analyseCase } from './corpus/run.mjs'
import { score } from './corpus/score.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    labels: { type: 'string', default: join(import.meta.dirname, '..', 'test', 'corpus') },
    half: { type: 'string', default: 'dev' },
    misses: { type: 'boolean', default: false },
    'rewrite-check': { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const [checkouts] = positionals
if (!checkouts || !['dev', 'held-out', 'all'].includes(values.half)) {
  console.error('usage: node bench/corpus.mjs FOLDER_OF_CHECKOUTS [--half dev|held-out|all] [--misses]')
  process.exit(2)
}

const { cases, missing } = readCases(values.labels, checkouts, values.half)
if (missing > 0) console.error(`${missing} labelled cases have no checkout in ${checkouts}`)
const scored = []
for (const one of cases) {
  const outcome = await analyseCase(one)
  scored.push({ one, outcome, result: score(one, outcome) })
}
console.log(summary(scored))
if (values.misses)
  console.log(`\n${byKind(scored, 'framework')}\n${byKind(scored, 'family')}\n\n${misses(scored).join('\n')}`)

const out = values['rewrite-check']
if (out) {
  const manifest = startManifest(out)
  const failed = scored.flatMap(({ one, outcome }, index) =>
    rewriteCase(manifest, one, outcome, Number(values.seed) + index),
  )
  for (const line of failed) console.log(line)
  console.log(await compareInContainer(out))
}
