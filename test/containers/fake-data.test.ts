import { fakeExecutor } from '../../src/containers/fake.ts'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import { dataContract } from '../contracts/executor-data.ts'

const program: FakeProgram = function* ({ spec, read, write }) {
  if (spec.command[0] === 'fill') return write('/checkpoints/animal', 'cat\n')
  yield Buffer.from(read('/data/animal') ?? '')
  try {
    write('/data/other', 'x')
  } catch {
    yield 'refused'
  }
}

dataContract(
  'the fake executor',
  () => fakeExecutor({ program }),
  (name) => ({ image: 'none', command: [name] }),
)
