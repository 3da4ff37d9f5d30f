import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { ask } from '../../src/cli/ask.ts'

/** As at a terminal, which hands on every key. */
function terminal(isTTY: boolean) {
  const input = new PassThrough()
  const output = Object.assign(new PassThrough(), { isTTY, columns: 80 })
  const asked = new Promise((resolve) => output.once('data', resolve))
  return { input, output, asked }
}

it.each([
  ['Ctrl-D', '\x04'],
  ['Ctrl-C', '\x03'],
  ['Enter alone', '\r'],
])('%s is an empty answer', async (_, key) => {
  const { input, output, asked } = terminal(true)
  const answer = ask('Delete it? ', { input, output })
  await asked
  input.write(key)
  expect(await answer).toBe('')
})

it('so is an input that ends', async () => {
  const { input, output, asked } = terminal(false)
  const answer = ask('Delete it? ', { input, output })
  await asked
  input.end()
  expect(await answer).toBe('')
})

it('what is typed is the answer', async () => {
  const { input, output, asked } = terminal(false)
  const answer = ask('Delete it? ', { input, output })
  await asked
  input.write('digits\n')
  expect(await answer).toBe('digits')
})
