import type { RunView, SettingFieldView } from '../../src/http/contract.ts'
import { textOf, valueFrom } from './project/setting-values.ts'

export type From = 'git-import' | 'detect-model' | 'train' | 'notify'

/** The settings that matter most when a run is repeated. */
const NAMES = ['target', 'trials', 'runTimeLimit', 'parallel', 'seed', 'sampler']

/** The fields of these, as the server describes them. Pure. */
export const againFields = (fields: readonly SettingFieldView[]): SettingFieldView[] =>
  NAMES.flatMap((name) => fields.find((field) => field.name === name) ?? [])

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
  fields: readonly SettingFieldView[],
  form: Pick<FormData, 'get'>,
  settings: RunView['settings'],
): Record<string, unknown> {
  const entries = againFields(fields).map((field) => {
    const text = String(form.get(field.name) ?? '').trim()
    return [field.name, valueFrom(field, text), textOf(field, settings[field.name])] as const
  })
  const changed = entries.filter(([, value, before]) => value !== null && String(value) !== before)
  return Object.fromEntries(changed.map(([name, value]) => [name, value]))
}
