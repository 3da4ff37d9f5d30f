import type { Running } from '../../src/chain/contract.ts'
import type { ContainerStatus } from '../../src/containers/executor.ts'
import { type Attempt, signalOf } from '../../src/domain/attempt.ts'
import { linesBehind, type PrintedLine, readPrinted } from '../../src/metrics/lost-lines.ts'
import type { JobContext } from '../context.ts'
import { readText } from './files.ts'

/**
 * What a container prints while its engine is dead waits in a pipe, which the engine throws away when it is back. The runtime kept
 * the last lines in a file of the container, so that they are found there. Only asked where that may be: a script can also print to
 * where no log is.
 * @param log the end of what the engine gave, see `linesBehind`
 * @throws HoneError `unavailable` when the engine is away
 */
export async function lostLines(
  { executor, job, runtime, signal }: JobContext & Running,
  attempt: Attempt,
  log: Parameters<typeof linesBehind>[0],
): Promise<PrintedLine[]> {
  const status = await executor.inspect(attempt.container)
  if (status === null || !mayLackLines(status, job)) return []
  const printed: PrintedLine[] = []
  for (const path of [`${runtime.printed}.1`, runtime.printed]) {
    printed.push(...readPrinted((await readText(executor, attempt.container, path, signal)) ?? ''))
  }
  return linesBehind(log, printed)
}

const mayLackLines = ({ exitCode }: ContainerStatus, job: Running['job']) =>
  job.failure?.code === 'engine-away' || (exitCode !== null && signalOf(exitCode) === 'SIGKILL')
