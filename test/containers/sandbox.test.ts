import { expect, it } from 'vitest'
import { parseEvent } from '../../src/containers/docker-events.ts'
import { createOptions } from '../../src/containers/sandbox.ts'
import { toStatus } from '../../src/containers/status.ts'

const spec = {
  name: 'hone-1',
  image: 'hone/sklearn:x',
  command: ['python3', 'train.py'],
  env: { A: 'b=c' },
  workdir: '/workspace',
  labels: { 'hone.instance': 'i' },
  limits: { memoryBytes: 1000, cpus: 1.5, pids: 10, shmBytes: 100 },
  network: false,
  volumes: [{ name: 'v', path: '/checkpoints' }],
}

it('gives untrusted code nothing that it does not need', () => {
  expect(createOptions(spec)).toMatchObject({
    User: '1000:1000',
    Tty: false,
    Env: ['A=b=c'],
    HostConfig: {
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
      Init: true,
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      NetworkMode: 'none',
      PidsLimit: 10,
      Memory: 1000,
      MemorySwap: 1000,
      NanoCpus: 1_500_000_000,
      ShmSize: 100,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '64m', 'max-file': '3' } },
      Mounts: [{ Type: 'volume', Source: 'v', Target: '/checkpoints' }],
    },
  })
  expect(createOptions(spec).HostConfig).not.toHaveProperty('Binds')
  const terse = createOptions({ ...spec, limits: { ...spec.limits, logBytes: 4096 } })
  expect(terse.HostConfig?.LogConfig?.Config).toEqual({ 'max-size': '4096', 'max-file': '1' })
  expect(createOptions({ ...spec, network: true }).HostConfig?.NetworkMode).toBe('bridge')
  expect(createOptions({ ...spec, gpus: [] }).HostConfig).not.toHaveProperty('DeviceRequests')
  expect(createOptions({ ...spec, gpus: ['1'] }).HostConfig?.DeviceRequests).toMatchObject([
    { DeviceIDs: ['1'] },
  ])
})

const inspected = (State: object) =>
  toStatus({ Id: 'x', Name: '/hone-1', Config: { Labels: null }, State } as never)

it.each([
  ['created', 'created', null],
  ['running', 'running', null],
  ['paused', 'running', null],
  ['exited', 'exited', 3],
  ['dead', 'exited', 3],
])('reads the state %s', (Status, state, exitCode) => {
  const times = { StartedAt: '0001-01-01T00:00:00Z', FinishedAt: '2026-01-01T00:00:00.5Z' }
  expect(inspected({ Status, ExitCode: 3, OOMKilled: true, ...times })).toEqual({
    id: 'x',
    name: 'hone-1',
    labels: {},
    state,
    exitCode,
    outOfMemory: true,
    startedAt: null,
    endedAt: state === 'exited' ? Date.UTC(2026, 0, 1, 0, 0, 0, 500) : null,
  })
})

it('reads events, and passes over those of other kinds', () => {
  const event = (Action: string) =>
    JSON.stringify({
      Action,
      Actor: { Attributes: { 'hone.run': '1', image: 'x', name: 'y', exitCode: '0' } },
    })
  expect(parseEvent(event('die'))).toEqual({ action: 'die', labels: { 'hone.run': '1' } })
  expect(parseEvent(event('exec_start'))).toBeNull()
  expect(parseEvent('')).toBeNull()
})
