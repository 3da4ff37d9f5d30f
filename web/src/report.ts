import type { AttemptReportView, AttemptView } from '../../src/http/contract.ts'
import { formatBytes, formatDuration, formatNumber, plural } from './format.ts'

/** From where an attempt went on, in words; null for one that began anew. Pure. */
export function resumedWords(report: AttemptReportView): string | null {
  const { resumed } = report
  if (resumed === null) return null
  if (resumed.by === 'script') {
    return `went on from a checkpoint of its own${resumed.why === null ? '' : `: ${resumed.why}`}`
  }
  const from = resumed.attempt === null ? '' : ` (checkpoint of attempt ${resumed.attempt})`
  return `went on after epoch ${resumed.step ?? 0}${from}`
}

/** What else the runtime told of an attempt, each in a few words. Pure. */
export function factsOf({
  report,
  state,
  shmBytes,
}: Pick<AttemptView, 'report' | 'state' | 'shmBytes'>): string[] {
  const shm = shmBytes === null ? [] : [`${formatBytes(shmBytes)} of /dev/shm, as it needed more`]
  if (report === null) return shm
  return [
    ...shm,
    state === 'succeeded' ? null : lastWords(report),
    checkpointWords(report),
    report.memory === null ? null : `${formatBytes(report.memory)} of memory at most`,
    versionsOf(report),
  ].filter((fact) => fact !== null)
}

function lastWords({ last }: AttemptReportView): string | null {
  if (last === null) return null
  const split = last.split === 'unknown' ? '' : ` (${last.split})`
  const epoch = last.step === null ? '' : ` in epoch ${last.step}`
  return `reported last: ${last.name} ${last.value === null ? 'not finite' : formatNumber(last.value)}${split}${epoch}`
}

function checkpointWords({ checkpoint }: AttemptReportView): string | null {
  if (checkpoint === null) return null
  const { step, bytes, count, totalSeconds } = checkpoint
  const after = step === null ? '' : ` after epoch ${step}`
  const cost = `${plural(count, 'checkpoint')} in ${formatDuration(totalSeconds * 1000)}`
  return `last checkpoint${after} (${formatBytes(bytes)}; ${cost})`
}

function versionsOf({ python, frameworks }: AttemptReportView): string | null {
  const words = Object.entries(frameworks).map(([name, version]) => `${name} ${version ?? ''}`.trim())
  return python === null ? null : [`Python ${python}`, ...words].join(', ')
}
