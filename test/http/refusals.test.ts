import { expect, it } from 'vitest'
import { networkOf, Refusals } from '../../src/http/refusals.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore } from '../../src/store/store.ts'

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['unknown', 'unknown'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:DB8::9', '2001:db8::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['::1', '::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b::/64'],
])('refused sign-ins of %s are counted as those of %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

it('tells the log of refusals as often as they are written, a line each time', () => {
  const store = createStore(openDatabase(':memory:'), () => 0)
  const lines: string[] = []
  const refusals = new Refusals(store, (line) => lines.push(line))
  const from = (ip: string) => ({ ip }) as never
  const subject = 'the git remote of digits'
  refusals.note(from('192.0.2.7'), subject)
  for (const ip of ['192.0.2.7', '192.0.2.7', '192.0.2.8', '192.0.2.9']) refusals.note(from(ip), subject)
  refusals.flush()
  refusals.flush()
  expect(lines).toEqual([
    'refused: the git remote of digits, from 192.0.2.7',
    'refused: the git remote of digits, from 192.0.2.7, 2 times, and 2 other addresses',
  ])
  store.close()
})
