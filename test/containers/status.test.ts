import type Docker from 'dockerode'
import { expect, test } from 'vitest'
import { toStatus } from '../../src/containers/status.ts'

const inspected = (started: string, finished: string) =>
  toStatus({
    Id: 'a',
    Name: '/b',
    Config: { Labels: {} },
    State: { Status: 'exited', ExitCode: 0, OOMKilled: false, StartedAt: started, FinishedAt: finished },
  } as unknown as Docker.ContainerInspectInfo)

test('a container ends no earlier than it starts, whatever the engine notes', () => {
  const status = inspected('2026-01-01T00:00:00.002Z', '2026-01-01T00:00:00.001Z')
  expect(status.endedAt).toBe(status.startedAt)
})

test("the engine's year 1 means not yet", () => {
  expect(inspected('0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z')).toMatchObject({
    startedAt: null,
    endedAt: null,
  })
})
