import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { HealthView } from '../../src/http/contract.ts'
import { canMount, smallDisk } from '../chaos/faults/small-disk.ts'
import { TestServer } from '../helpers/server.ts'

it.skipIf(!canMount)(
  'a server that finds its disk full says so in words, and starts once there is room',
  async () => {
    const disk = await smallDisk(8 * 2 ** 20)
    const server = new TestServer(join(disk.folder, 'data'), {})
    try {
      await server.start()
      await server.kill('SIGKILL')
      await disk.fill()
      await expect(server.start()).rejects.toThrow(
        /The disk is full \(\w+\)\.\s+Free some space where HONE_DATA lies/,
      )
      await disk.empty()
      await server.start()
      const { problems } = await server.api<HealthView>('/health')
      expect(problems.map(({ part }) => part)).not.toContain('database')
    } finally {
      await server.dispose()
      await disk.dispose()
    }
  },
)
