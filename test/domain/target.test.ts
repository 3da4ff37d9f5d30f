import { expect, it } from 'vitest'
import { resolveSettings } from '../../src/domain/settings.ts'
import { requireReachableTarget, targetProblem } from '../../src/domain/target.ts'

const problem = (metric: string, target: number, direction?: 'minimize') =>
  targetProblem(resolveSettings({ metric, target, ...(direction && { direction }) }))

it('a share never comes to more than 100 %', () => {
  const said = 'has to be from 0 to 1, or a percentage up to 100, as accuracy is a share, not 2000'
  expect(problem('accuracy', 2000)).toBe(said)
  expect(problem('f1_macro', 101)).not.toBeNull()
  expect(() => requireReachableTarget(resolveSettings({ target: 2000 }))).toThrow(`The target ${said}.`)
})

it.each([0, 0.95, 1, 95, 100])('a share may have to come to %d', (target) => {
  expect(problem('accuracy', target)).toBeNull()
})

it('other metrics, and what is minimised, may have any target', () => {
  expect(problem('reward', 2000)).toBeNull()
  expect(problem('rmse', 2000)).toBeNull()
  expect(problem('precision_gap', 2000, 'minimize')).toBeNull()
})
