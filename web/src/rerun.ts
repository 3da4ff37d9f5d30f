import type { RunView } from '../../src/http/contract.ts'

export type From = 'git-import' | 'detect-model' | 'train' | 'notify'

/** The settings that matter most when a run is repeated. */
export const FIELDS = [
  { name: 'target', label: 'Target', step: 'any' },
  { name: 'trials', label: 'Trials at most', step: '1', min: 1 },
  { name: 'runTimeLimit', label: 'Minutes at most', step: 'any', min: 0 },
  { name: 'parallel', label: 'Trainings at a time', step: '1', min: 1 },
  { name: 'seed', label: 'Seed', step: '1', min: 0 },
] as const

export const SAMPLERS = ['gaussian-process', 'quasi-random', 'random', 'grid', 'plain'] as const

/** What each beginning does, in words. */
export const BEGINNINGS: Record<From, string> = {
  'git-import': 'everything anew',
  'detect-model': 'the commit that is here, looked at anew',
  train: 'keeps what was detected, trains anew',
  notify: 'makes no new run: sends the mails of this one again',
}

/** From where an ended run can be repeated. Pure. */
export const beginningsOf = ({ detection, mails }: Pick<RunView, 'detection' | 'mails'>): From[] => [
  'git-import',
  'detect-model',
  ...(detection === null ? [] : (['train'] as const)),
  ...(mails.length === 0 ? [] : (['notify'] as const)),
]

/** Only what differs from the settings that were in force. Pure. */
export function changedSettings(
  form: Pick<FormData, 'get'>,
  settings: RunView['settings'],
): Record<string, number | string> {
  const changed: Record<string, number | string> = {}
  for (const { name } of FIELDS) {
    const text = String(form.get(name) ?? '').trim()
    if (text !== '' && Number(text) !== settings[name]) changed[name] = Number(text)
  }
  const sampler = form.get('sampler')
  if (typeof sampler === 'string' && sampler !== settings.sampler) changed.sampler = sampler
  return changed
}
