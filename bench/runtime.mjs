/**
 * What Hone's runtime sees, costs and restores, for each framework: the same small training without and with it in the
 * same container, in turn, and once more killed in its middle. A part that does not work yet shows as "no". Times are
 * the processor's, so that what else the machine does disturbs them less; "watching" is the runtime with hardly a checkpoint.
 *
 * Usage: npm run bench:runtime-overhead [-- --rounds 5] [--epochs 10] [framework ...]
 * Needs a Docker engine, and the images: a framework whose image is not there is left out.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'

const exec = promisify(execFile)
const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, epochs: { type: 'string', default: '10' } },
  allowPositionals: true,
})
const runtime = join(import.meta.dirname, '..', 'docker', 'runtime', 'hone')

/** name, image, script */
const FRAMEWORKS = [
  ['PyTorch', 'pytorch', 'pytorch.py'],
  ['Keras 3', 'keras', 'keras.py'],
  ['Keras 2', 'keras2', 'keras.py'],
  ['Lightning', 'lightning', 'lightning.py'],
  ['transformers', 'transformers', 'transformers.py'],
  ['scikit-learn', 'sklearn', 'sklearn_loop.py'],
  ['XGBoost', 'boosting', 'xgboost.py'],
  ['LightGBM', 'boosting', 'lightgbm.py'],
  ['CatBoost', 'catboost', 'catboost.py'],
]

/** The newest tag of an image; null when there is none. */
async function tagOf(image) {
  const { stdout } = await exec('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}', `hone/${image}`])
  return stdout.split('\n')[0] || null
}

async function measure(tag, script) {
  const mounts = ['-v', `${runtime}:/opt/hone:ro`, '-v', `${join(import.meta.dirname, 'runtime')}:/bench:ro`]
  const command = ['python3', '/bench/drive.py', `/bench/${script}`, values.rounds]
  const options = ['--rm', '--network', 'none', '-e', `EPOCHS=${values.epochs}`, ...mounts]
  const { stdout } = await exec('docker', ['run', ...options, tag, ...command], { maxBuffer: 2 ** 26 })
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

const percent = (ratio) => `${((ratio - 1) * 100).toFixed(1)} %`
const seen = ({ epochs, metrics }) => (metrics.length === 0 ? 'no' : `${epochs} x ${metrics.join(', ')}`)
const exact = (one) =>
  !one.resumed ? 'no, begins anew' : one.exact ? `yes, from ${one.step}` : `no, from ${one.step}`
const cost = ({ checkpoints, milliseconds, kilobytes }) =>
  checkpoints === 0 ? 'none' : `${checkpoints} x ${milliseconds.toFixed(1)} ms, ${kilobytes.toFixed(0)} kB`

const overhead = (ratios) =>
  `${percent(ratios[Math.floor(ratios.length / 2)])} (${percent(ratios[0])} to ${percent(ratios.at(-1))})`

console.log(`median (lowest to highest) of ${values.rounds} in turn, ${values.epochs} epochs\n`)
console.log(
  '| framework | metrics seen | same result as without | resume exact | s without | watching | with checkpoints | checkpoints |',
)
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
for (const [name, image, script] of FRAMEWORKS) {
  if (positionals.length > 0 && !positionals.some((word) => script.startsWith(word) || image === word))
    continue
  const tag = await tagOf(image)
  if (tag === null) continue
  try {
    const one = await measure(tag, script)
    const cells = [
      name,
      seen(one),
      one.same ? 'yes' : 'no',
      exact(one),
      one.seconds.toFixed(2),
      overhead(one.watched),
      overhead(one.ratios),
      cost(one),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  } catch (error) {
    console.log(`| ${name} | no: it did not run |  |  |  |  |  |  |`)
    console.error(
      `${name}: ${String(error.stderr || error.message)
        .trim()
        .slice(-1500)}`,
    )
  }
}
