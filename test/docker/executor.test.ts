import Docker from 'dockerode'
import { beforeAll } from 'vitest'
import { dockerExecutor } from '../../src/containers/docker.ts'
import { executorContract, type ProgramName } from '../contracts/executor.ts'
import { ensureTestImage, testExecutor } from '../helpers/docker.ts'

const sh = (script: string) => ['sh', '-c', script]

const COMMANDS: Record<ProgramName, string[]> = {
  lines: sh('echo one; echo two; echo three'),
  many: sh('i=0; while [ $i -lt 2000 ]; do echo "line $i"; i=$((i+1)); done'),
  unfinished: sh('echo first; printf last'),
  long: sh("head -c 200000 /dev/zero | tr '\\0' x; echo; echo after"),
  invalid: sh("printf 'a\\377b\\n'; echo grün"),
  both: sh('echo out; echo err >&2'),
  fail: sh('echo failing; exit 3'),
  sleep: sh('echo ready; exec sleep 1000'),
  memory: ['tail', '/dev/zero'],
  copy: sh('cat /tmp/in.txt; cp /tmp/in.txt /tmp/out/copy.txt'),
  count: sh('printf x >> /checkpoints/count; cat /checkpoints/count'),
}

let image: string
beforeAll(async () => {
  image = await ensureTestImage('base')
})

executorContract(
  'the Docker executor',
  async () => ({
    executor: testExecutor(),
    away: dockerExecutor({ dockerHost: 'unix:///nowhere/docker.sock' }),
    kill: (name) => new Docker().getContainer(name).kill({ signal: 'SIGKILL' }),
  }),
  (program) => ({ image, command: COMMANDS[program] }),
)
