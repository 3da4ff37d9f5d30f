import { relative } from 'node:path'
import { openParser } from '../../dist/src/cli/inspect/grammar.js'
import { loadSources } from '../../dist/src/cli/sources.js'
import { analyse } from '../../dist/src/python/analyse.js'
import { openSource } from '../../dist/src/python/source.js'

export const python = await openParser()

/** @returns {Promise<import('./score.mjs').Outcome & {sources: object}>} */
export async function analyseCase(one) {
  const folder = one.kind === 'folder'
  const script = folder ? one.entry : relative(one.root, one.at)
  const outcome = { milliseconds: 0, lines: 0, files: new Map(), script, folder: '' }
  let began = performance.now()
  try {
    const sources = await loadSources(one.at, folder ? undefined : one.root)
    outcome.sources = sources
    began = performance.now()
    const files = sources.files.map((file) => {
      const bytes = sources.bytes(file.path)
      return bytes ? openSource(file.path, bytes) : file
    })
    outcome.files = new Map(files.map((file) => [file.path, file]))
    outcome.detection = analyse(counted(outcome), files, sources.hints)
  } catch (error) {
    outcome.error = error.failure ?? { code: 'internal', message: error.stack ?? String(error) }
  }
  outcome.milliseconds = performance.now() - began
  return outcome
}

/** The parser, which counts the lines that it reads. */
const counted = (outcome) => ({
  parse(file) {
    outcome.lines += file.text.split('\n').length
    return python.parse(file)
  },
})
