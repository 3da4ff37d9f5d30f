import { expect, it } from 'vitest'
import { giveUpRule } from '../../src/domain/give-up.ts'
import { resolveSettings } from '../../src/domain/settings.ts'

it.each([
  [{}, { below: 0.01, after: 10 }],
  [{ giveUp: 0.2 }, { below: 0.2, after: 10 }],
  [{ giveUp: 0 }, null],
  [{ target: 1 }, null],
  [{ metric: 'loss', direction: 'minimize' as const, target: 0 }, null],
  [
    { metric: 'loss', direction: 'minimize' as const, target: 0.1 },
    { below: 0.01, after: 10 },
  ],
  [
    { metric: 'reward', target: 200 },
    { below: 0.01, after: 10 },
  ],
])('the rule of %j is %j', (settings, rule) => {
  expect(giveUpRule(resolveSettings(settings))).toEqual(rule)
})
