import { beforeEach, expect, it } from 'vitest'
import { checkSettings, createProject } from '../../src/chain/projects.ts'
import { HoneError } from '../../src/domain/failure.ts'
import { hashOf } from '../../src/secrets.ts'
import { openDatabase } from '../../src/store/open.ts'
import { createStore, type Store } from '../../src/store/store.ts'

let store: Store
beforeEach(() => {
  store = createStore(openDatabase(':memory:'))
})

const failureOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof HoneError) return error.failure
    throw error
  }
  throw new Error('it did not fail')
}

it('makes secrets that differ, and keeps of the push token only its hash', () => {
  const one = createProject(store, { name: 'one' })
  const two = createProject(store, {
    name: 'two',
    repoUrl: ' https://host/a.git ',
    settings: { target: 0.9 },
  })
  expect(new Set([one.secret, one.pushToken, two.secret, two.pushToken]).size).toBe(4)
  expect(one.project.pushTokenHash).toBe(hashOf(one.pushToken))
  expect(store.projects.byName('TWO')).toMatchObject({
    repoUrl: 'https://host/a.git',
    settings: { target: 0.9 },
  })
})

it('refuses a name twice, whatever its case', () => {
  createProject(store, { name: 'One' })
  expect(failureOf(() => createProject(store, { name: 'oNE' }))).toMatchObject({
    kind: 'user',
    code: 'name-taken',
  })
})

it('names every wrong setting and the ones there are', () => {
  const { message, remedy } = failureOf(() => checkSettings({ trials: 'x', colour: 1 }))
  expect(message).toMatch(/settings\.trials: .*settings\.colour: there is no such setting/)
  expect(remedy).toContain('runTimeLimit')
  expect(failureOf(() => checkSettings([])).code).toBe('bad-settings')
})
