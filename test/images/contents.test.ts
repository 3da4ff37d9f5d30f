import { expect, it } from 'vitest'
import { forgotten } from '../../src/images/contents.ts'

const NOW = 1_800_000_000_000
const madeAgo = (Id: string, seconds: number) => ({ Id, Created: NOW / 1000 - seconds })

it('takes a look at an image for forgotten after an hour', () => {
  const containers = [madeAgo('under way', 120), madeAgo('just yet', 3600), madeAgo('forgotten', 3601)]
  expect(forgotten(containers, NOW)).toEqual(['forgotten'])
})
