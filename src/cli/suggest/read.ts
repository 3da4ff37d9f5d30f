import type { Settings } from '../../domain/settings.ts'
import type { PastTrial, Study } from '../../search/sampler.ts'
import { contradictions } from './check.ts'
import { formProblem } from './explain.ts'
import type { Problem } from './problem.ts'
import { StudyLine, type TrialLine } from './schema.ts'

/** What is asked by a line. */
export interface Question {
  study: Study
  seed: number
  sampler: Settings['sampler'] | undefined
}

/** @returns the study of a line, or why it is none */
export function readStudy(text: string): Question | { problem: Problem } {
  let content: unknown
  try {
    content = parse(text)
  } catch (error) {
    const message = `The line is not JSON: ${(error as Error).message}.`
    const remedy = 'Send one study a line, as one JSON object without line breaks in it.'
    return { problem: { code: 'not-json', message, path: '', remedy } }
  }
  const read = StudyLine.safeParse(content)
  const [issue] = read.error?.issues ?? []
  if (!read.success) return { problem: formProblem(issue as NonNullable<typeof issue>, content) }
  const [problem] = contradictions(read.data)
  if (problem) return { problem }
  const { space, direction, trials, seed, sampler, forbidden, related } = read.data
  const earlier = related?.map((each) => ({ ...each, trials: pastTrials(each.trials) }))
  return {
    study: { space, direction, trials: pastTrials(trials), forbidden, related: earlier },
    seed,
    sampler,
  }
}

/** Also as Python writes it, where NaN and Infinity stand without quotes. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const quoted = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) =>
      part.startsWith('"') ? part : `"${part}"`,
    )
    if (quoted === text) throw error
    return JSON.parse(quoted)
  }
}

/** In the order of their numbers. Without a state, one with a metric is completed and one without still runs. */
function pastTrials(trials: readonly TrialLine[]): PastTrial[] {
  return trials
    .map(({ number, values, state, metric = null, repeats }, index): PastTrial => {
      const known = state ?? (metric === null ? 'running' : 'completed')
      const counts = known === 'completed' || known === 'pruned'
      return {
        number: number ?? index,
        values,
        state: known,
        metric: counts ? metric : null,
        repeats,
      }
    })
    .sort((a, b) => a.number - b.number)
}
