import { expect, it } from 'vitest'
import { nextWords } from '../../web/src/selection.ts'

it('says why another trial would be shown', () => {
  expect(nextWords({ state: 'running', bestTrial: 2 }, 9)).toBe('Trial 9 trains now.')
  expect(nextWords({ state: 'succeeded', bestTrial: 2 }, 2)).toBe('The run has ended; trial 2 is the best.')
  expect(nextWords({ state: 'failed', bestTrial: null }, 3)).toBe('The run has ended.')
})
