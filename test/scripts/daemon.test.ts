import { expect, it } from 'vitest'
// @ts-expect-error the set-up is plain JavaScript, since it runs before anything is installed
import { isProcess } from '../../scripts/setup/daemon.mjs'

it.each([
  ['960 (dockerd) S 1 960', true],
  ['960 (dockerd) Z 1 960', false],
  ['960 (node) S 1 960', false],
  ['960 (a) b) S 1 960', false],
  ['', false],
])('%s is a running engine: %s', (stat, running) => {
  expect(isProcess(stat, 'dockerd')).toBe(running)
})
