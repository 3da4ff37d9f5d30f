import { expect, it } from 'vitest'
import { textOf } from '../../jobs/detect-model/needs.ts'
import { readNeeds } from '../../src/python/needs/read.ts'

it.each([
  ['UTF-8', Buffer.from('einops\r\nrich\r\n')],
  ['UTF-8 with a mark', Buffer.from('\uFEFFeinops\nrich\n')],
  ['UTF-16, as PowerShell writes it', Buffer.from('\uFEFFeinops\r\nrich\r\n', 'utf16le')],
])('reads requirements in %s', (_, bytes) => {
  const { requirements } = readNeeds('train.py', (path) =>
    path === 'requirements.txt' ? textOf(bytes) : null,
  )
  expect(requirements.map(({ text }) => text)).toEqual(['einops', 'rich'])
})
