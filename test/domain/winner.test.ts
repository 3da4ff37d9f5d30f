import { expect, test } from 'vitest'
import { winnerCommand, winnerRepository } from '../../src/domain/winner.ts'

test.each([
  ['digits', 'hone/winner-digits'],
  ['Digits', 'hone/winner-digits'],
  ['my-digits_v1.2', 'hone/winner-my-digits_v1.2'],
  ['a--b__c', 'hone/winner-a--b__c'],
  ['a..b', 'hone/winner-a-b-7'],
  ['a_-b', 'hone/winner-a-b-7'],
])('the winners of %s are kept in %s', (name, repository) => {
  expect(winnerRepository({ id: 7, name })).toBe(repository)
})

test('what is typed asks for the graphics cards that it trained with', () => {
  expect(winnerCommand('hone/winner-cats:run-3', [], 2)).toBe(
    'docker run --rm --gpus 2 hone/winner-cats:run-3',
  )
})

test('what is typed mounts the data of the project', () => {
  const data = [
    { source: '/srv/data/cats', path: '/data/cats' },
    { source: "/srv/ada's data", path: '/data/more' },
  ]
  expect(winnerCommand('hone/winner-cats:run-3', data)).toBe(
    "docker run --rm -v /srv/data/cats:/data/cats:ro -v '/srv/ada'\\''s data:/data/more:ro' hone/winner-cats:run-3",
  )
})
