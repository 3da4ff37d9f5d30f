import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { HealthView } from '../../src/http/contract.ts'
import { canMount, smallDisk } from '../chaos/faults/small-disk.ts'
import { pushTo } from '../helpers/push.ts'
import { TestServer } from '../helpers/server.ts'

const MIB = 2 ** 20

it.skipIf(!canMount).each(['SIGKILL', 'SIGTERM'] as const)(
  'a server that is started on a full disk after %s says which it is and what to do, and goes on once there is room',
  async (signal) => {
    const disk = await smallDisk(16 * MIB)
    const data = join(disk.folder, 'data')
    const server = new TestServer(data, {})
    try {
      await server.start()
      const { gitRemote, pushToken } = await server.createProject('small', {})
      // Acknowledged, and perhaps not even imported.
      const { runId } = await pushTo(gitRemote, pushToken, { 'README.md': 'no training' })
      await server.kill(signal)
      await disk.fill()
      await expect(server.start()).rejects.toThrow(
        /The disk of \S+data \(HONE_DATA\) is full: 0 B of 16\.0 MiB are free\.\s+Free some space there, then start this again/,
      )
      await disk.empty()
      await server.start()
      const run = await server.ended(runId)
      expect([run.state, run.conclusion?.failure?.code]).toEqual(['failed', 'no-python'])
      expect(run.mails).toHaveLength(1)
      const { problems } = await server.api<HealthView>('/health')
      expect(problems.map(({ part }) => part)).not.toContain('database')
    } finally {
      await server.dispose()
      await disk.dispose()
    }
  },
)
