import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { collectGarbage } from '../../src/cli/gc.ts'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/main.ts'
import { dockerHost, ensureTestImage, testExecutor, testImages } from '../helpers/docker.ts'

let data: string
let tag: string
let said: string[] = []
beforeAll(async () => {
  tag = await ensureTestImage('sklearn')
  data = await mkdtemp(join(tmpdir(), 'hone-gc-'))
})
afterAll(() => rm(data, { recursive: true, force: true }))
beforeEach(() => {
  said = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => said.push(line))
})
afterEach(() => vi.restoreAllMocks())

it('knows which images would be built today, those that they are made on included', async () => {
  const current = await testImages().current()
  expect(current).toContain(tag)
  expect(current.some((name) => /^(debian:trixie-slim|hone\/debian:trixie)$/.test(name))).toBe(true)
  expect(current.filter((name) => name.startsWith('hone/base:'))).not.toEqual([])
})

it('lists what would go, and leaves it', async () => {
  const config = readConfig({ HONE_DATA: data, ...(dockerHost ? { DOCKER_HOST: dockerHost } : {}) })
  const executor = testExecutor()
  // Of the others some may be made or go meanwhile.
  const isThere = async () =>
    (await executor.listImages('hone.image')).some(({ names }) => names.includes(tag))
  expect(await isThere()).toBe(true)
  expect(await collectGarbage(config, { dryRun: true })).toBe(0)
  expect(said.at(-1)).toMatch(/^(Nothing to remove\.|Would remove .*)$/)
  expect(said.join('\n')).not.toContain(tag)
  expect(await isThere()).toBe(true)
})

it('says that the engine is away', async () => {
  const config = readConfig({ HONE_DATA: data, DOCKER_HOST: 'unix:///nowhere/docker.sock' })
  openStore(config).close()
  await expect(collectGarbage(config, { dryRun: true })).rejects.toMatchObject({
    failure: { code: 'engine-away' },
  })
})

it('finds the folder of an engine that runs on this machine', async () => {
  expect((await testExecutor().info()).rootFolder).toMatch(/^\//)
})
