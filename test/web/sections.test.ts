import { expect, test } from 'vitest'
import { runAddress, sectionOf, withParams } from '../../web/src/sections.ts'

test('the first section has the address of the run, each other one its own', () => {
  expect(sectionOf(undefined)).toBe('progress')
  expect(sectionOf('code')).toBe('code')
  expect(sectionOf('progress')).toBeNull()
  expect(sectionOf('nonsense')).toBeNull()
  expect(runAddress(7, 'progress', '?trial=1')).toBe('/runs/7?trial=1')
  expect(runAddress(7, 'code')).toBe('/runs/7/code')
})

test('a query is changed in part', () => {
  expect(withParams('', { trial: 3 })).toBe('?trial=3')
  expect(withParams('?trial=3&sort=-metric', { trial: null })).toBe('?sort=-metric')
  expect(withParams('?trial=3', { trial: null })).toBe('')
  expect(withParams('?trial=3', { compare: '1,4', filter: 'a > 1 & b' })).toBe(
    '?trial=3&compare=1,4&filter=a+%3E+1+%26+b',
  )
})
