import { isDeepStrictEqual } from 'node:util'
import type { Outcome } from './outcome.ts'

/**
 * What of a run that nothing disturbed is missing, or too much, in one of the same seed that was; empty when nothing was lost.
 * @param restarts whether a training may have been ended and gone on with: then what it had trained since its last checkpoint, an
 *   epoch at most for each time, may be there twice
 */
export function losses(calm: Outcome, disturbed: Outcome, restarts: boolean): string[] {
  const say = (what: string, wanted: unknown, got: unknown) =>
    isDeepStrictEqual(wanted, got) ? [] : [`${what}: ${shown(got)} instead of ${shown(wanted)}`]
  const mails = new Set(disturbed.mails)
  return [
    ...say('end', calm.end, disturbed.end),
    ...say('trials', calm.trials, disturbed.trials),
    ...say('jobs', calm.jobs, disturbed.jobs),
    ...say('traces', calm.traces, disturbed.traces),
    ...(mails.size === 1 ? [] : [`mails: ${mails.size} instead of 1`]),
    ...(restarts ? [] : say('restarts', 0, disturbed.restarts)),
    ...calm.metrics.flatMap((wanted, trial) => {
      const got = disturbed.metrics[trial] ?? []
      return say(`metrics of trial ${trial}`, wanted, restarts ? withoutRepeats(got) : got)
    }),
    ...calm.logs.flatMap((wanted, trial) =>
      [
        ...logLosses((wanted[0] as string[]) ?? [], disturbed.logs[trial] ?? [], restarts ? 1 : 0),
        ...missingLogs(disturbed.printed[trial] ?? [], disturbed.logs[trial] ?? []),
      ].map((what) => `log of trial ${trial}: ${what}`),
    ),
  ]
}

/** What an attempt reported once more counts once; the one that decided, where one of them did. */
const withoutRepeats = (metrics: readonly string[]) =>
  [...new Set(metrics)].filter((metric) => !metrics.includes(`${metric}decisive`))

/**
 * What `logLosses` cannot see: where the next attempt began anew, all lines are there once more.
 * @param printed how many lines each attempt is known to have printed at least
 */
export const missingLogs = (printed: readonly number[], attempts: readonly (readonly string[])[]): string[] =>
  printed.flatMap((least, index) => {
    const kept = attempts[index]?.length ?? 0
    return kept >= least ? [] : [`attempt ${index + 1} printed at least ${least} lines, and ${kept} are kept`]
  })

/**
 * Each attempt's lines have to be a piece of the whole, without a gap between one and the next.
 * @param mayRepeat epochs that an attempt may train once more, as it goes on from a checkpoint
 */
export function logLosses(
  whole: readonly string[],
  attempts: readonly (readonly string[])[],
  mayRepeat: number,
): string[] {
  let reached = 0
  for (const [index, lines] of attempts.entries()) {
    const [first] = lines
    // Killed before it printed anything, as far as this can tell; see `missingLogs`.
    if (first === undefined) continue
    const from = whole.indexOf(first)
    if (from < 0) return [`attempt ${index + 1} has the line ${shown(first)}`]
    if (from > reached)
      return [`the lines ${from - reached === 1 ? '' : 'from '}${reached + 1} to ${from} are missing`]
    const again = whole.slice(from, reached).filter((line) => line.startsWith('Epoch')).length
    if (again > mayRepeat) return [`attempt ${index + 1} repeats ${again} epochs`]
    const wanted = whole.slice(from, from + lines.length)
    const wrong = lines.findIndex((line, at) => line !== wanted[at])
    if (wrong >= 0) return [`line ${from + wrong + 1} is ${shown(lines[wrong])}`]
    reached = Math.max(reached, from + lines.length)
  }
  return reached === whole.length ? [] : [`the lines from ${reached + 1} on are missing`]
}

const shown = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 600)
