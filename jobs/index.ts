import type { NextJob, Pipeline } from '../src/chain/contract.ts'
import type { Job } from '../src/domain/job.ts'
import type { JobContext } from './context.ts'
import { type DetectModelOutput, detectModel } from './detect-model.ts'
import { gitImport } from './git-import.ts'
import { type NotifyInput, notify, notifyOf, withoutMail } from './notify.ts'
import { type TrainOutput, train } from './train.ts'
import { type TweakOutput, tweak } from './tweak.ts'

/** `attempt`: the one that it begins with; a trial that was given up goes on with its next. */
interface Training {
  trialId: number
  number: number
  attempt?: number
}

const trainOf = ({ trialId, number, attempt = 1 }: Training): NextJob => ({
  name: 'train',
  key: attempt === 1 ? `train:${number}` : `train:${number}:${attempt}`,
  input: { trialId, number },
})
const tweakOf = (number: number): NextJob => ({ name: 'tweak', key: `tweak:${number}`, input: { number } })

/** git-import -> detect-model -> train -> (tweak -> train)* -> notify; as many trainings at a time as the run may have. */
export const pipeline: Pipeline<JobContext> = {
  jobs: [gitImport, detectModel, train, tweak, notify],
  first: () => ({ name: 'git-import', key: 'git-import', input: {} }),
  follow(job: Job, output: unknown): NextJob[] {
    switch (job.name) {
      case 'git-import':
        return [{ name: 'detect-model', key: 'detect-model', input: {} }]
      case 'detect-model': {
        const { parallel, ...first } = output as DetectModelOutput
        return [trainOf(first), ...Array.from({ length: parallel - 1 }, (_, index) => tweakOf(index + 1))]
      }
      case 'train': {
        const { conclusion, next } = output as TrainOutput
        return conclusion ? [notifyOf({ conclusion })] : next.map(tweakOf)
      }
      case 'tweak': {
        const tweaked = output as TweakOutput
        if ('conclusion' in tweaked) return [notifyOf({ conclusion: tweaked.conclusion })]
        return 'trialId' in tweaked ? [trainOf(tweaked)] : []
      }
      case 'notify':
        return []
    }
  },
  afterFailure(job, failure) {
    if (job.name === 'notify') return []
    return [notifyOf({ conclusion: { kind: 'failed', reason: failure.message, failure } })]
  },
  conclude: (job, failure) => withoutMail(job.input as NotifyInput, failure),
}
