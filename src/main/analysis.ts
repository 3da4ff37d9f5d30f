import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Failure, HoneError, systemError, userError } from '../domain/failure.ts'
import type { Analysis } from '../python/analyse.ts'
import type { AnalysisHints, RepositoryFiles } from '../python/analyse-files.ts'

const DEADLINE_MS = 120_000
/** An idle thread is ended after this, for its memory. */
const IDLE_MS = 60_000
const MEMORY_MB = 1024

export interface AnalysisThread {
  /**
   * One repository after the other. One that is not wanted any more gives its place to the next.
   * @throws as `analyse`; HoneError `analysis-too-long`, `analysis-ended`; the signal's reason
   */
  analyse(files: RepositoryFiles, hints: AnalysisHints, signal?: AbortSignal): Promise<Analysis>
  /** Ends the thread; what it was at fails. */
  close(): Promise<void>
}

type Question = { files: RepositoryFiles; hints: AnalysisHints }
type Answer = { analysis: Analysis } | { failure: Failure }

/**
 * The analysis of repositories in a thread of its own: a large one takes seconds of a processor, in which the server
 * goes on answering. A source that takes too long, or too much memory, ends the thread and not the server.
 * @param grammar for the worker, as its `workerData`
 * @param options.worker what the thread runs
 */
export function analysisThread(
  grammar: Uint8Array,
  options: { worker?: URL; deadlineMs?: number; idleMs?: number; memoryMb?: number } = {},
): AnalysisThread {
  const { deadlineMs = DEADLINE_MS, idleMs = IDLE_MS, memoryMb = MEMORY_MB } = options
  const url = options.worker ?? new URL('./analysis-worker.js', import.meta.url)
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let closed = false

  const start = () => {
    const made = new Worker(url, {
      workerData: grammar,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    })
    const gone = () => {
      if (worker === made) worker = null
    }
    made.once('exit', gone).once('error', gone)
    // Not what keeps the process alive: who waits for an answer does.
    made.unref()
    return made
  }

  /** Forgotten at once: one that is about to end takes no more questions. */
  const end = async () => {
    const ending = worker
    worker = null
    await ending?.terminate()
  }

  const ask = async (question: Question, signal?: AbortSignal): Promise<Analysis> => {
    signal?.throwIfAborted()
    if (closed) throw ended('the server stops')
    clearTimeout(idle)
    worker ??= start()
    const answer = await answerOf(worker, question, deadlineMs, signal).catch(async (error) => {
      await end()
      throw error
    })
    idle = setTimeout(() => void end(), idleMs).unref()
    if ('failure' in answer) throw new HoneError(answer.failure)
    return answer.analysis
  }

  return {
    analyse(files, hints, signal) {
      const asked = turn.then(() => ask({ files, hints }, signal))
      turn = asked.catch(() => {})
      return signal ? Promise.race([asked, aborted(signal, asked)]) : asked
    },
    async close() {
      closed = true
      clearTimeout(idle)
      await end()
    },
  }
}

/** Throws the signal's reason at once, also to one that has not had its turn yet. */
async function aborted(signal: AbortSignal, until: Promise<unknown>): Promise<never> {
  const stop = new AbortController()
  until.finally(() => stop.abort()).catch(() => {})
  if (!signal.aborted) await once(signal, 'abort', { signal: stop.signal })
  throw signal.reason
}

function answerOf(
  worker: Worker,
  question: Question,
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      signal?.removeEventListener('abort', onAbort)
      act()
    }
    const onMessage = (answer: Answer) => settle(() => resolve(answer))
    const onError = (error: Error & { code?: string }) =>
      settle(() => reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLong('memory') : ended(error)))
    const onExit = () => settle(() => reject(ended('its thread was ended')))
    const onAbort = () => settle(() => reject(signal?.reason))
    const timer = setTimeout(
      () => settle(() => reject(tooLong(`time: more than ${Math.round(deadlineMs / 1000)} s`))),
      deadlineMs,
    )
    signal?.addEventListener('abort', onAbort)
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage(question)
  })
}

const tooLong = (what: string) =>
  userError(
    'analysis-too-long',
    `The analysis of the repository's Python files took too much ${what}.`,
    'Take generated or very long files out of the repository, or name the script as `entry` in hone.yaml.',
  )

const ended = (why: unknown) =>
  systemError('analysis-ended', `The analysis of the source broke off: ${why}.`, 'Hone tries again.', why)
