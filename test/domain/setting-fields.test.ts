import { expect, it } from 'vitest'
import { SETTING_FIELDS } from '../../src/domain/setting-fields.ts'
import { SETTING_GROUPS } from '../../src/domain/setting-words.ts'
import { defaultSettings, Settings } from '../../src/domain/settings.ts'

const field = (name: string) => SETTING_FIELDS.find((one) => one.name === name)

it('every setting is a field, in the order of the groups', () => {
  expect(SETTING_FIELDS.map(({ name }) => name).sort()).toEqual(Object.keys(Settings.shape).sort())
  const groups = SETTING_FIELDS.map(({ group }) => SETTING_GROUPS.indexOf(group))
  expect(groups).toEqual(groups.toSorted((a, b) => a - b))
})

it('a field has either a default, which the schema takes, or words for what holds without', () => {
  for (const { name, default: fallback, unset } of SETTING_FIELDS) {
    expect({ name, said: (fallback === null) === (unset !== undefined) }).toEqual({ name, said: true })
    if (fallback !== null)
      expect(Settings.partial().parse({ [name]: fallback })).toEqual({ [name]: fallback })
  }
  expect(field('timeLimit')).toMatchObject({ default: defaultSettings.timeLimit, unit: 'minutes' })
})

it.each([
  ['metric', { kind: 'text' }],
  ['target', { kind: 'number' }],
  ['trials', { kind: 'integer', min: 1, max: 10_000 }],
  ['timeLimit', { kind: 'number', above: 0 }],
  ['direction', { kind: 'choice', choices: ['maximize', 'minimize'] }],
  ['network', { kind: 'choice', choices: ['auto', true, false] }],
  ['memory', { kind: 'size' }],
  ['logLimit', { kind: 'size' }],
  ['lfs', { kind: 'switch' }],
  ['branches', { kind: 'list' }],
  ['mail', { kind: 'list' }],
  ['data', { kind: 'mounts' }],
])('%s: %o', (name, shape) => {
  expect(field(name)).toMatchObject(shape)
})
