import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { git, makeRepository } from '../helpers/git.ts'
import { folder, workspaceOf } from './support.ts'

test('a checkout stops in the middle of a submodule whose server does not answer', async () => {
  const stop = new AbortController()
  const silent = createServer(() => stop.abort(new Error('cancelled')))
  await once(silent.listen(0, '127.0.0.1'), 'listening')
  const { port } = silent.address() as AddressInfo
  const source = makeRepository(folder('source'), {
    '.gitmodules': `[submodule "lib"]\n  path = lib\n  url = http://127.0.0.1:${port}/lib.git\n`,
  })
  git(source.path, 'update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(40)},lib`)
  git(source.path, 'commit', '--quiet', '-m', 'With a submodule')
  const sha = git(source.path, 'rev-parse', 'HEAD')
  const { git: one, mirror, settings } = await workspaceOf(source)
  await one.fetchCommit(mirror, source.path, 'refs/heads/main', sha)
  const options = { ...settings, submodules: true }
  const made = one.createWorkspace(folder('w'), mirror, sha, 'hone/run-2', options, stop.signal)
  await expect(made).rejects.toThrow('cancelled')
  silent.closeAllConnections()
  silent.close()
})
