import { execFile } from 'node:child_process'
import { appendFileSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { isValidPython } from '../../dist/src/python/analyse.js'
import { rewriteFiles } from '../../dist/src/python/rewrite.js'
import { openSource } from '../../dist/src/python/source.js'
import { nameOf } from './report.mjs'
import { python } from './run.mjs'

const exec = promisify(execFile)

/** A generator of its own, so that a seed gives the same values everywhere (mulberry32). */
function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A value within the bounds, another than the present one where there is one. */
export function randomValue({ value, distribution, variants }, draw) {
  const pick = (list) => list[Math.floor(draw() * list.length)]
  if (variants) {
    const keys = Object.keys(variants)
    return keys.length === 0 ? value : Number(pick(keys))
  }
  if (distribution.type === 'categorical') {
    const others = distribution.choices.filter((choice) => choice !== value)
    return others.length === 0 ? value : pick(others)
  }
  const { low, high, log, type } = distribution
  const at = log && low > 0 ? low * (high / low) ** draw() : low + (high - low) * draw()
  return type === 'int' ? Math.round(at) : Number(at.toPrecision(3))
}

export function startManifest(folder) {
  rmSync(join(folder, 'manifest.jsonl'), { force: true })
  rmSync(join(folder, 'files'), { recursive: true, force: true })
  mkdirSync(join(folder, 'files'), { recursive: true })
  writeFileSync(join(folder, 'manifest.jsonl'), '')
  return { folder, count: 0 }
}

/**
 * Rewrites all literals of a case at once, and in a second file the numbers of layers too.
 * @returns {string[]} what went wrong already, a line each
 */
export function rewriteCase(manifest, one, { detection, sources, files }, seed) {
  if (!detection) return []
  const draw = random(seed)
  const literals = detection.hyperparameters.filter(({ variants }) => variants === null)
  const structures = detection.hyperparameters.filter(({ variants }) => variants !== null)
  return [
    ...rewriteWith(manifest, one, { sources, files, parameters: literals, draw, structure: false }),
    ...structures.flatMap((structure) =>
      rewriteWith(manifest, one, {
        sources,
        files,
        parameters: [...literals, structure],
        draw,
        structure: true,
      }),
    ),
  ]
}

function rewriteWith(manifest, one, { sources, files, parameters, draw, structure }) {
  const values = Object.fromEntries(
    parameters.map((parameter) => [parameter.name, randomValue(parameter, draw)]),
  )
  const before = Object.fromEntries(
    sources.files.flatMap(({ path }) => (sources.bytes(path) ? [[path, sources.bytes(path)]] : [])),
  )
  let after
  try {
    after = rewriteFiles(before, parameters, values)
  } catch (error) {
    return [`rewrite        ${nameOf(one)}: ${error.message}`]
  }
  return Object.entries(after).flatMap(([path, bytes]) => {
    if (!/\.(py|ipynb)$/.test(path)) return []
    const id = String(manifest.count++)
    const notebook = path.endsWith('.ipynb')
    const content = (raw) => (notebook ? openSource(path, raw).text : raw)
    const at = (side) => join('files', `${id}-${side}.py`)
    writeFileSync(join(manifest.folder, at('before')), content(before[path]))
    writeFileSync(join(manifest.folder, at('after')), content(bytes))
    const sites = parameters
      .filter(({ variants }) => variants === null)
      .flatMap((parameter) => [parameter, ...parameter.ties])
      .filter((site) => site.file === path)
      .map((site) => placeOf(files.get(path), site))
    const line = {
      name: `${nameOf(one)} ${path}`,
      before: at('before'),
      after: at('after'),
      sites,
      structure,
    }
    appendFileSync(join(manifest.folder, 'manifest.jsonl'), `${JSON.stringify(line)}\n`)
    return isValidPython(python, path, bytes)
      ? []
      : [`rewrite        ${line.name}: the result does not parse`]
  })
}

/** Line from 1, column in characters from 0, as Python's ast counts but for bytes. */
function placeOf(file, { start, end }) {
  const range = file.locate(start, end)
  if (!range) return null
  const point = (offset) => {
    const before = file.text.slice(0, offset).split('\n')
    return [before.length, [...before.at(-1)].length]
  }
  return [...point(range.start), ...point(range.end)]
}

/** Runs compare_ast.py under the CPython of Hone's base image. */
export async function compareInContainer(folder) {
  copyFileSync(join(import.meta.dirname, 'compare_ast.py'), join(folder, 'compare_ast.py'))
  const { stdout: images } = await exec('docker', [
    'images',
    '--format',
    '{{.Repository}}:{{.Tag}}',
    'hone/base',
  ])
  const [image] = images.split('\n').filter(Boolean)
  if (!image) return 'no image hone/base: `node scripts/hone.mjs images base` makes it'
  const mount = ['-v', `${resolve(folder)}:/check:ro`, '-w', '/check', '--network', 'none']
  const { stdout } = await exec(
    'docker',
    ['run', '--rm', ...mount, image, 'python3', 'compare_ast.py', 'manifest.jsonl'],
    { maxBuffer: 2 ** 26 },
  )
  return stdout.trimEnd()
}
