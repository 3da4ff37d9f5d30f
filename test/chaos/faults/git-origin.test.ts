import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toFailure } from '../../../src/domain/failure.ts'
import { gitAdapter } from '../../../src/git/adapter.ts'
import { git, gitTestEnvironment, makeRepository, removeFolder, temporaryFolder } from '../../helpers/git.ts'
import { type OriginMode, type SwitchableOrigin, switchableOrigin } from './git-origin.ts'

let folder: string
let origin: SwitchableOrigin
let sha: string
beforeEach(async () => {
  folder = temporaryFolder()
  const made = makeRepository(join(folder, 'origin'), {
    'train.py': 'lr = 0.1\n',
    'data.bin': randomBytes(200_000),
  })
  sha = made.sha
  origin = await switchableOrigin(made.path)
})
afterEach(async () => {
  await origin.close()
  removeFolder(folder)
})

const STALL_MS = 500
const fetchFrom = (mirror: string) =>
  gitAdapter({ environment: gitTestEnvironment, stallMs: STALL_MS }).fetchCommit(
    mirror,
    origin.url,
    'refs/heads/main',
    sha,
  )

test.each(['away', 'silent', 'failing', 'cut'] as const satisfies OriginMode[])(
  'an origin that is %s is waited for, and the commit comes wholly once it is back',
  async (mode) => {
    const mirror = join(folder, 'mirror.git')
    await origin.switchTo(mode)
    const failure = await fetchFrom(mirror).then(() => null, toFailure)
    expect(failure).toMatchObject({ kind: 'unavailable', code: 'git-host-unreachable' })
    if (mode !== 'away') expect(origin.disturbed()).toBeGreaterThan(0)
    await origin.switchTo('there')
    await fetchFrom(mirror)
    expect(git(mirror, 'cat-file', '-s', `${sha}:data.bin`)).toBe('200000')
    expect(git(mirror, 'fsck', '--connectivity-only')).toBe('')
  },
)
