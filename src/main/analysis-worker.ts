import { parentPort, workerData } from 'node:worker_threads'
import { toFailure } from '../domain/failure.ts'
import { type AnalysisHints, analyseFiles, type RepositoryFiles } from '../python/analyse-files.ts'
import { loadPython } from '../python/parser.ts'

/** The thread of `analysis.ts`: answers each message with an analysis or a failure. */
const python = await loadPython(workerData as Uint8Array)
parentPort?.on('message', ({ files, hints }: { files: RepositoryFiles; hints: AnalysisHints }) => {
  try {
    parentPort?.postMessage({ analysis: analyseFiles(python, files, hints) })
  } catch (error) {
    parentPort?.postMessage({ failure: toFailure(error) })
  }
})
