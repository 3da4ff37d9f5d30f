import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot, root } from './paths.mjs'
import { listFiles, readStamp, stampOf, writeStamp } from './stamp.mjs'
import { task } from './task.mjs'

/** The halves of dist: each is built only when one of its own sources changed. */
const HALVES = [
  {
    name: 'server',
    sources: ['src', 'jobs', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    needs: 'tsconfig.build.json',
    output: 'dist/src/cli.js',
    folders: ['dist/src', 'dist/jobs'],
    command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  },
  {
    name: 'web',
    sources: ['web', 'package-lock.json'],
    needs: 'web/index.html',
    output: 'dist/web/index.html',
    folders: [],
    command: ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn'],
  },
]

const stampFile = (half) => inRoot('dist', `.stamp-${half.name}`)
const stampNow = (half) => stampOf(listFiles(root, half.sources))

/**
 * @param {{ hasSources: boolean, hasOutput: boolean, built: string | null, now: string }} half `built`: stamp of
 *   the sources that the output was made from
 */
export const isStale = ({ hasSources, hasOutput, built, now }) => hasSources && (!hasOutput || built !== now)

const staleHalves = () =>
  HALVES.filter((half) =>
    isStale({
      hasSources: existsSync(inRoot(half.needs)),
      hasOutput: existsSync(inRoot(half.output)),
      built: readStamp(stampFile(half)),
      now: stampNow(half),
    }),
  )

export const buildStep = {
  name: 'build',
  needed: () => staleHalves().length > 0,
  async run() {
    for (const half of staleHalves()) {
      // Taken before the build: what is written meanwhile makes the next build.
      const stamp = stampNow(half)
      const started = Date.now()
      await task(`build the ${half.name}`, process.execPath, half.command)
      removeOlder(half.folders, started)
      writeStamp(stampFile(half), stamp)
    }
  },
}

/** The compiler writes every file anew; what is older came from a source that is gone. */
function removeOlder(folders, time) {
  // File systems keep coarser times than the clock.
  const limit = time - 2_000
  for (const file of listFiles(root, folders)) if (file.mtimeMs < limit) rmSync(join(root, file.path))
}
