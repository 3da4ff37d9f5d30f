import { expect, test } from 'vitest'
import { searchedOf } from '../../jobs/detect-model/space.ts'
import { parseHoneYaml } from '../../src/domain/hone-yaml.ts'
import { aHyperparameter } from '../helpers/detections.ts'

const float = { type: 'float', low: 0.1, high: 1, log: false } as const
const numbered = Array.from({ length: 8 }, (_, index) =>
  aHyperparameter(`p${index}`, 0.5, float, { influence: index < 4 ? 1 : 4 }),
)
const search = (yaml: string, trials: number, hyperparameters = numbered) =>
  searchedOf({ hyperparameters, leftAlone: [] }, parseHoneYaml(yaml).hyperparameters ?? {}, trials)
const namesOf = (all: readonly { name: string }[]) => all.map(({ name }) => name)

test('the budget decides how many are searched; the others say so', () => {
  const { hyperparameters, leftAlone } = search('', 20)
  expect(namesOf(hyperparameters)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4'])
  expect(namesOf(leftAlone)).toEqual(['p5', 'p6', 'p7'])
  expect(leftAlone[0]?.reason).toMatch(/^20 trials are too few/)
  expect(search('', 1000).leftAlone).toEqual([])
})

test('what hone.yaml names is searched in any case, and what is tied with it', () => {
  const { hyperparameters } = search('hyperparameters:\n  p7: {low: 0.2, high: 0.3}\n  p5: {tie: p6}\n', 8)
  expect(namesOf(hyperparameters)).toEqual(['p0', 'p1', 'p6', 'p7'])
})

test('a condition on what is not searched is settled by the source', () => {
  const kind = aHyperparameter('kind', 'a', { type: 'categorical', choices: ['a', 'b'] }, { influence: 5 })
  const on = (values: string[]) => aHyperparameter('on', 0.5, float, { condition: { name: 'kind', values } })
  expect(search('', 8, [kind, on(['a']), ...numbered]).hyperparameters[0]).toMatchObject({
    name: 'on',
    condition: null,
  })
  expect(search('', 8, [kind, on(['b']), ...numbered]).leftAlone.at(-1)?.reason).toMatch(/only while kind/)
})
