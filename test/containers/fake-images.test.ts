import { fakeExecutor } from '../../src/containers/fake.ts'
import type { FakeProgram } from '../../src/containers/fake-container.ts'
import { imageContract } from '../contracts/executor-images.ts'

const program: FakeProgram = function* ({ read }) {
  yield Buffer.from(read('/tmp/kept.txt') ?? '')
}

imageContract(
  'the fake executor',
  () => fakeExecutor({ program }),
  () => ({ image: 'none', command: ['read'] }),
)
