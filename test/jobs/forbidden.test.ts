import { afterEach, expect, it } from 'vitest'
import { type TestChain, testChain } from '../helpers/chain.ts'

let chain: TestChain
afterEach(() => chain.dispose())

const script = `from sklearn.svm import SVC
model = SVC(kernel="rbf", gamma="scale", C=1.0)
model.fit(X_train, y_train)
print("Test accuracy:", model.score(X_test, y_test))
`
const yaml = `trials: 30
hyperparameters:
  kernel: { choices: [rbf, poly, sigmoid] }
  gamma: { choices: [scale, auto] }
  C: exclude
forbidden:
  - { kernel: sigmoid, gamma: scale }
  - { kernel: poly, gamma: auto }
`

it('what hone.yaml forbids is never trained, and the run ends when all else was', async () => {
  chain = await testChain(function* () {
    yield 'Test accuracy: 0.4'
  })
  const settings = { target: 0.9, giveUp: 0 }
  const run = await chain.ended(chain.push(settings, { 'train.py': script, 'hone.yaml': yaml }))
  expect(run.conclusion?.reason).toMatch(/^every combination of values tried after 4 trials/)
  const tried = chain.store.trials.ofRun(run.id).map(({ values }) => `${values.kernel} ${values.gamma}`)
  expect(tried.toSorted()).toEqual(['poly scale', 'rbf auto', 'rbf scale', 'sigmoid auto'])
})
