import type { Settings } from './settings.ts'

/** The settings in the order in which they are shown, a part after the other. */
export const SETTING_GROUPS = ['goal', 'budget', 'search', 'resources', 'git', 'mail'] as const
export type SettingGroup = (typeof SETTING_GROUPS)[number]

export interface SettingWords {
  group: SettingGroup
  title: string
  /** What it does, in one or two sentences. */
  description: string
  /** Of a number. */
  unit?: string
  /** What holds where it has no fixed default. */
  unset?: string
}

/** What a person reads of each setting. */
export const SETTING_WORDS: Record<keyof Settings, SettingWords> = {
  metric: {
    group: 'goal',
    title: 'Metric',
    description: 'The metric that decides, by the name it has in the log.',
    unset: 'as the source measures itself, else accuracy or a loss',
  },
  direction: {
    group: 'goal',
    title: 'Direction',
    description: 'Whether more or less of the metric is better.',
    unset: 'the metric’s own: a loss or an error is minimised',
  },
  target: {
    group: 'goal',
    title: 'Target',
    description: 'The value of the metric to reach; 90 means 90 % for a metric between 0 and 1.',
    unset: '0.8, or 0 for what is minimised',
  },
  confirm: {
    group: 'goal',
    title: 'Confirm with other seeds',
    description: 'Trainings with other seeds that have to meet the target too before it counts as reached.',
    unit: 'trainings',
  },
  stopAtTarget: {
    group: 'goal',
    title: 'Stop at the target',
    description: 'End a training as soon as an epoch of it meets the target, instead of letting it finish.',
  },
  trials: {
    group: 'budget',
    title: 'Trials',
    description: 'Trainings of a run at most, your own values included.',
    unit: 'trainings',
  },
  timeLimit: {
    group: 'budget',
    title: 'Time of one training',
    description: 'A training that takes longer is ended.',
    unit: 'minutes',
  },
  runTimeLimit: {
    group: 'budget',
    title: 'Time of a run',
    description: 'A run that takes longer ends with the best so far.',
    unit: 'minutes',
  },
  trainingBudget: {
    group: 'budget',
    title: 'Training in all',
    description: 'Time of training, summed over the trials of a run.',
    unit: 'minutes',
    unset: 'no bound',
  },
  silentLimit: {
    group: 'budget',
    title: 'Silence',
    description: 'A training without any sign of life for this long is stopped and started again.',
    unit: 'minutes',
  },
  restarts: {
    group: 'budget',
    title: 'Restarts',
    description: 'Restarts of one trial after crashes, each from its last checkpoint.',
    unit: 'restarts',
  },
  giveUp: {
    group: 'budget',
    title: 'Give up below a chance of',
    description:
      'The run ends when its chance to reach the target falls below this, once ten trials have a metric; 0.01 is 1 %, 0 means never.',
  },
  sampler: {
    group: 'search',
    title: 'Sampler',
    description: 'What proposes the next values.',
  },
  pruner: {
    group: 'search',
    title: 'Pruner',
    description: 'What ends a hopeless training early; `auto` takes the one that suits the number of trials.',
  },
  parallel: {
    group: 'search',
    title: 'Trainings at the same time',
    description: 'Of one run; HONE_PARALLEL bounds those of all runs together.',
    unit: 'trainings',
  },
  seed: {
    group: 'search',
    title: 'Seed',
    description: 'What the chance in the search and the trainings begins with.',
  },
  memory: {
    group: 'resources',
    title: 'Memory',
    description: 'Of one training, such as `4g` or `512m`.',
    unset: 'what HONE_PARALLEL trainings at once leave for each',
  },
  cpus: {
    group: 'resources',
    title: 'Processors',
    description: 'Of one training.',
    unit: 'cores',
    unset: 'what HONE_PARALLEL trainings at once leave for each',
  },
  gpus: {
    group: 'resources',
    title: 'Graphics cards',
    description: 'Of one training.',
    unit: 'cards',
    unset: 'one where the engine has some and the framework can use it',
  },
  shm: {
    group: 'resources',
    title: 'Shared memory',
    description:
      'Size of /dev/shm, through which a loader’s processes hand over their batches, such as `1g`.',
  },
  network: {
    group: 'resources',
    title: 'Network',
    description:
      'Whether a training may use the network; `auto`: when something in the source is seen to use it.',
  },
  data: {
    group: 'resources',
    title: 'Data sets',
    description: 'Folders and volumes of the host that trainings may read, as `/srv/data/cats:/data/cats`.',
  },
  logLimit: {
    group: 'resources',
    title: 'Log',
    description: 'Kept of one attempt’s log, such as `16m`; the middle of a longer one is cut.',
  },
  keepImage: {
    group: 'resources',
    title: 'Keep the winner as an image',
    description: 'Keep the winner of a run that met its target as an image, too.',
  },
  branches: {
    group: 'git',
    title: 'Branches',
    description: 'Branches that start runs; `*` stands for any characters.',
  },
  cancelRunning: {
    group: 'git',
    title: 'Newer pushes cancel',
    description: 'A newer push to the same branch cancels a run that is already going.',
  },
  submodules: {
    group: 'git',
    title: 'Submodules',
    description: 'Fetch the repository’s submodules, too.',
  },
  lfs: {
    group: 'git',
    title: 'Git LFS',
    description: 'Fetch the files that Git LFS keeps, too.',
  },
  mail: {
    group: 'mail',
    title: 'Mail to',
    description: 'Who gets a mail about each run.',
  },
}
