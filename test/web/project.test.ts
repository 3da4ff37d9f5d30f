import { describe, expect, it } from 'vitest'
import { SETTING_FIELDS } from '../../src/domain/setting-fields.ts'
import type { SettingFieldView } from '../../src/http/contract.ts'
import { isFiltered, runFilterOf, runQuery } from '../../web/src/project/run-filter.ts'
import { projectAddress, projectSectionOf } from '../../web/src/project/sections.ts'
import { changesOf, defaultText, errorsOf, textOf, valueFrom } from '../../web/src/project/setting-values.ts'

const fields = SETTING_FIELDS as readonly SettingFieldView[]
const field = (name: string) => fields.find((one) => one.name === name) as SettingFieldView

describe('a filter', () => {
  it('is what the address says; what it has empty or wrong counts as not there', () => {
    const filter = runFilterOf(new URLSearchParams('branch=wide&state=&q=a%26b&before=x'))
    expect(filter).toEqual({ branch: 'wide', state: null, author: null, q: 'a&b', before: null })
    expect(runQuery('digits', filter, 51)).toBe('project=digits&limit=51&branch=wide&q=a%26b')
    const ofState = (state: string) => runQuery('digits', { ...filter, branch: null, q: null, state }, 9)
    expect(ofState('stopped-at-best')).toBe('project=digits&limit=9&state=exhausted&stopped=true')
    expect(ofState('exhausted')).toBe('project=digits&limit=9&state=exhausted&stopped=false')
  })

  it('a later page alone is none', () => {
    expect(isFiltered(runFilterOf(new URLSearchParams('before=7')))).toBe(false)
    expect(isFiltered(runFilterOf(new URLSearchParams('author=Ada')))).toBe(true)
  })
})

describe('a setting', () => {
  it.each([
    ['trials', 30, '30'],
    ['network', false, 'false'],
    ['network', 'auto', 'auto'],
    ['lfs', true, 'true'],
    ['memory', '4g', '4g'],
    ['mail', ['a@b.org', 'c@d.org'], 'a@b.org, c@d.org'],
    ['data', [{ source: '/srv/a', path: '/data/a' }], '/srv/a:/data/a'],
  ])('%s %j is shown as %j, and read from it', (name, value, text) => {
    expect(textOf(field(name), value)).toBe(text)
    expect(valueFrom(field(name), text)).toEqual(value)
  })

  it('that is empty goes back to its default; what is no number is left to the server', () => {
    expect(valueFrom(field('trials'), ' ')).toBeNull()
    expect(valueFrom(field('trials'), 'many')).toBe('many')
    expect(valueFrom(field('data'), '/srv/a')).toEqual([{ source: '/srv/a', path: '' }])
  })

  it('says its default with its unit, or what holds without one', () => {
    expect(defaultText(field('trials'))).toBe('20 trainings')
    expect(defaultText(field('confirm'))).toBe('1 training')
    expect(defaultText(field('lfs'))).toBe('no')
    expect(defaultText(field('mail'))).toBe('none')
    expect(defaultText(field('trainingBudget'))).toBe('no bound')
  })
})

it('only what was changed is sent', () => {
  const settings = { target: 0.9, trials: 30 }
  expect(changesOf(fields, settings, { target: '0.9', trials: '', seed: '7' })).toEqual({
    trials: null,
    seed: 7,
  })
})

it('an error stands at its setting, with the part of a list that it is about', () => {
  const errors = [
    { field: 'mail.1', message: 'has to be a mail address' },
    { field: 'trials', message: 'has to be at least 1, not 0' },
    { field: 'data.0.source', message: "'/etc' meets /etc" },
  ]
  expect(errorsOf('mail', errors)).toEqual(['Number 2 has to be a mail address.'])
  expect(errorsOf('trials', errors)).toEqual(['It has to be at least 1, not 0.'])
  expect(errorsOf('data', errors)).toEqual(["'/etc' meets /etc."])
  expect(errorsOf('trial', errors)).toEqual([])
})

it('a section has an address, and an address a section', () => {
  expect(projectAddress('a b', 'runs')).toBe('/projects/a%20b')
  expect(projectAddress('digits', 'settings')).toBe('/projects/digits/settings')
  expect(projectSectionOf(undefined)).toBe('runs')
  expect(projectSectionOf('connect')).toBe('connect')
  expect(projectSectionOf('runs')).toBeNull()
  expect(projectSectionOf('nothing')).toBeNull()
})
