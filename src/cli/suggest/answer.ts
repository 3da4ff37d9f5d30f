import { defaultSettings, type Settings } from '../../domain/settings.ts'
import { propose } from '../../search/propose.ts'
import { samplerNamed } from '../../search/samplers/index.ts'
import type { Problem } from './problem.ts'
import { readStudy } from './read.ts'

type SamplerName = Settings['sampler']

/**
 * The answer to one line, as a run of the server would have it.
 * @param preferred sampler for a line that names none
 * @returns a line of JSON; whether it holds an answer rather than an error
 */
export function answer(text: string, preferred: SamplerName): { line: string; answered: boolean } {
  const read = readStudy(text)
  if ('problem' in read) return refuse(read.problem)
  const name = read.sampler ?? preferred
  // Who names another sampler wants that one alone.
  const study = name === defaultSettings.sampler ? read.study : { ...read.study, related: [] }
  try {
    const values = propose(study, samplerNamed(name), read.seed)?.values ?? null
    const reason = values ? {} : { reason: nothingLeft(name, read.study.forbidden) }
    return { line: JSON.stringify({ values, ...reason }), answered: true }
  } catch (error) {
    const message = `The ${name} sampler failed: ${(error as Error).message}.`
    const remedy =
      'This is a fault of Hone. Please report it with the line; another `sampler` may know an answer.'
    return refuse({ code: 'internal', message, path: '', remedy })
  }
}

const refuse = (error: Problem) => ({ line: JSON.stringify({ error }), answered: false })

function nothingLeft(sampler: SamplerName, forbidden: readonly unknown[] = []): string {
  if (sampler === 'plain') return 'no single change is left to try'
  return forbidden.length > 0
    ? 'every combination that is not forbidden has been tried'
    : 'every combination has been tried'
}
