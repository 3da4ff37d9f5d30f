import type { NextJob, Pipeline } from '../src/chain/contract.ts'
import type { Job } from '../src/domain/job.ts'
import type { JobContext } from './context.ts'
import { detectModel } from './detect-model.ts'
import { gitImport } from './git-import.ts'
import { type NotifyInput, notify } from './notify.ts'
import { type TrainOutput, train } from './train.ts'
import { type TweakOutput, tweak } from './tweak.ts'

const notifyOf = (input: NotifyInput): NextJob => ({ name: 'notify', key: 'notify', input })
const trainOf = (trial: { trialId: number; number: number }): NextJob => ({
  name: 'train',
  key: `train:${trial.number}`,
  input: trial,
})

/** git-import -> detect-model -> train -> (tweak -> train)* -> notify */
export const pipeline: Pipeline<JobContext> = {
  jobs: [gitImport, detectModel, train, tweak, notify],
  first: () => ({ name: 'git-import', key: 'git-import', input: {} }),
  follow(job: Job, output: unknown): NextJob[] {
    switch (job.name) {
      case 'git-import':
        return [{ name: 'detect-model', key: 'detect-model', input: {} }]
      case 'detect-model':
        return [trainOf(output as { trialId: number; number: number })]
      case 'train': {
        const { conclusion, number } = output as TrainOutput
        if (conclusion) return [notifyOf({ conclusion })]
        return [{ name: 'tweak', key: `tweak:${number + 1}`, input: { number: number + 1 } }]
      }
      case 'tweak': {
        const tweaked = output as TweakOutput
        return 'conclusion' in tweaked ? [notifyOf({ conclusion: tweaked.conclusion })] : [trainOf(tweaked)]
      }
      case 'notify':
        return []
    }
  },
  afterFailure(job, failure) {
    if (job.name === 'notify') return []
    return [notifyOf({ conclusion: { kind: 'failed', reason: failure.message, failure } })]
  },
}
