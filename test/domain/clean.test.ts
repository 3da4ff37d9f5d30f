import { expect, it } from 'vitest'
import { clean, oneLine } from '../../src/domain/clean.ts'

it('takes out what a terminal obeys and what nobody sees, and keeps lines and tabs', () => {
  expect(clean('a\u001b[2Jb\u001b]0;title\u0007c\u001bd\u009b\u202ee\r\n\tf\rg')).toBe('abcde\n\tf\ng')
})

it('puts text on one line', () => {
  expect(oneLine(' a\r\n\n b\u001b[31m\tc\u0000 ')).toBe('a b c')
})
