import { expect, it } from 'vitest'
import type { NetworkUse } from '../../src/domain/detection.ts'
import { networkOf } from '../../src/domain/network.ts'
import { Settings } from '../../src/domain/settings.ts'

const wanted: NetworkUse = { wanted: true, evidence: [] }
const unwanted: NetworkUse = { wanted: false, evidence: [] }

it.each([
  ['auto', wanted, true],
  ['auto', unwanted, false],
  ['auto', undefined, true],
  [true, unwanted, true],
  [false, wanted, false],
] as const)('a run with %s and %j has a network: %s', (network, found, expected) => {
  expect(networkOf({ network }, { network: found })).toBe(expected)
})

it.each([true, false, 'auto'])('is set to %s', (network) => {
  expect(Settings.shape.network.parse(network)).toBe(network)
})

it('is set to nothing else', () => {
  expect(Settings.shape.network.safeParse('on').success).toBe(false)
})
