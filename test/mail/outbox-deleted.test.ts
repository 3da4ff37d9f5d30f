import { expect, test } from 'vitest'
import { away, refused, world } from './outbox-world.ts'

test.each([
  ['taken', null],
  ['refused', refused()],
  ['not answered', away()],
])(
  'a mail whose project is deleted while it is being sent, and that is %s, is no problem',
  async (_, failure) => {
    const sent: string[] = []
    const { add, box, health, remove, store } = world({
      accepted: 'sent',
      async send({ to }) {
        remove()
        if (failure) throw failure
        sent.push(to)
      },
    })
    add('a@x')
    await box.drain()
    expect(sent).toEqual(failure ? [] : ['a@x'])
    expect(health.problems()).toEqual([])
    expect(store.mails.list()).toEqual([])
  },
)
