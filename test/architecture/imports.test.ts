import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../src/paths.ts'
import { partOf, violations } from './rules.ts'
import { importsOf, type Source } from './source.ts'

const SOURCE = /\.(ts|tsx|mjs)$/

const sources: Source[] = ['src', 'jobs', 'web', 'scripts', 'bin', 'test', 'bench'].flatMap((folder) =>
  readdirSync(join(packageRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'))
    .map((path) => ({
      path: path.slice(packageRoot.length + 1),
      text: readFileSync(path, 'utf8'),
    })),
)
const ours = sources.filter(({ path }) => /^(src|jobs|web)\//.test(path))

describe('the house', () => {
  it('is read in full', () => {
    const paths = ours.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['src/main.ts', 'jobs/index.ts', 'src/domain/run.ts']))
    expect(ours.flatMap(importsOf).length).toBeGreaterThan(ours.length)
  })

  it('keeps its rules', () => {
    expect(violations(ours)).toEqual([])
  })

  it('has no file above the ceiling in tests and scripts either', () => {
    const long = sources.filter(({ text }) => text.split('\n').length > 401).map(({ path }) => path)
    expect(long).toEqual([])
  })
})

const line = (path: string, text: string): Source => ({ path, text: `${text}\n` })

describe('a made-up violation is found', () => {
  it.each([
    ['src/domain/run.ts', "import { x } from '../store/store.ts'", 'domain may not import store'],
    ['src/domain/run.ts', "import type { X } from '../chain/contract.ts'", 'domain may not import chain'],
    ['src/python/parse.ts', "import { x } from '../git/tree.ts'", 'python may not import git'],
    ['src/search/space.ts', "export { x } from '../python/detect.ts'", 'search may not import python'],
    ['src/metrics/decide.ts', "import '../store/open.ts'", 'metrics may not import store'],
    ['src/mail/compose.ts', "import { send } from './send.ts'", 'mail/compose may not import mail'],
    ['src/store/runs.ts', "import { x } from '../git/adapter.ts'", 'store may not import git'],
    ['src/git/adapter.ts', "import { x } from '../containers/docker.ts'", 'git may not import containers'],
    [
      'src/containers/docker.ts',
      "import { x } from '../images/build.ts'",
      'containers may not import images',
    ],
    ['src/images/build.ts', "const x = await import('../store/open.ts')", 'images may not import store'],
    ['src/chain/engine.ts', "import { x } from '../../jobs/index.ts'", 'chain may not import jobs/index'],
    ['src/chain/engine.ts', "import { x } from '../python/detect.ts'", 'chain may not import python'],
    ['src/http/app.ts', "import { x } from '../containers/docker.ts'", 'http may not import containers'],
    ['src/http/app.ts', "import { readConfig } from '../config.ts'", 'http may import only types of config'],
    ['jobs/train.ts', "import { x } from './tweak.ts'", 'jobs never import one another'],
    ['jobs/tweak.ts', "import { x } from './train/settle.ts'", 'jobs never import one another'],
    ['jobs/train.ts', "import { x } from '../src/store/store.ts'", 'jobs may import only types of store'],
    ['jobs/train.ts', "import { x } from '../src/http/app.ts'", 'jobs may not import http'],
    [
      'web/src/app.tsx',
      "import { x } from '../../src/http/contract.ts'",
      'web may import only types of http/contract',
    ],
    ['web/src/app.tsx', "import type { Run } from '../../src/domain/run.ts'", 'web may not import domain'],
    ['src/domain/run.ts', "import {\n  a,\n  b,\n} from '../main.ts'", 'domain may not import compose'],
  ])('%s: %s', (path, text, why) => {
    expect(violations([line(path, text)])).toEqual([expect.stringContaining(why)])
  })

  it.each([
    ['src/git/adapter.ts', "import Database from 'better-sqlite3'", 'imports better-sqlite3'],
    ['src/cli/doctor.ts', "import Docker from 'dockerode'", 'imports dockerode'],
    ['src/http/app.ts', 'const port = process.env.HONE_PORT', 'reads process.env'],
    ['src/search/space.ts', 'const x = Math.random()', 'is not pure (clock or chance)'],
    ['src/metrics/decide.ts', 'const now = Date.now()', 'is not pure (clock or chance)'],
    ['src/mail/compose.ts', 'const now = new Date()', 'is not pure (clock or chance)'],
    ['src/python/detect.ts', "import { readFileSync } from 'node:fs'", 'is not pure (input or output)'],
    ['src/other.ts', 'export const x = 1', 'belongs to no part of the house'],
    ['src/domain/run.ts', 'x\n'.repeat(400), 'has 401 lines; the ceiling is 400'],
  ])('%s: %s', (path, text, why) => {
    expect(violations([line(path, text)])).toEqual([expect.stringContaining(why)])
  })

  it('a cycle, named by its files', () => {
    const cycle = [
      line('src/git/a.ts', "import { b } from './b.ts'"),
      line('src/git/b.ts', "export * from './c.ts'"),
      line('src/git/c.ts', "import { a } from './a.ts'"),
    ]
    expect(violations(cycle)).toEqual(['cycle: src/git/a.ts -> src/git/b.ts -> src/git/c.ts -> src/git/a.ts'])
  })
})

describe('what the rules leave free', () => {
  it.each([
    ['src/main.ts', "import Something from './store/open.ts'"],
    ['src/cli/run.ts', "import { openHone } from '../main.ts'"],
    ['src/chain/engine.ts', "import { LostLease } from '../store/jobs.ts'"],
    ['src/images/build.ts', "import { connect } from '../containers/engine.ts'"],
    ['jobs/train.ts', "import type { Store } from '../src/store/store.ts'"],
    ['jobs/train.ts', "import { type Store } from '../src/store/store.ts'"],
    ['jobs/train.ts', "import { LABEL } from '../src/containers/executor.ts'"],
    ['jobs/train.ts', "import { settle } from './train/settle.ts'"],
    ['jobs/index.ts', "import { train } from './train.ts'"],
    ['web/src/app.tsx', "import type { RunView } from '../../src/http/contract.ts'"],
    ['src/search/space.ts', '/** Unlike Math.random, this is seeded.\n * See Date.now. */'],
    ['src/store/runs.ts', 'const at = Date.now()'],
  ])('%s: %s', (path, text) => {
    expect(violations([line(path, text)])).toEqual([])
  })

  it('types alone make no cycle', () => {
    expect(
      violations([
        line('src/git/a.ts', "import type { B } from './b.ts'"),
        line('src/git/b.ts', "import { a } from './a.ts'"),
      ]),
    ).toEqual([])
  })
})

it('knows which part a file belongs to', () => {
  expect(
    ['src/store/runs.ts', 'jobs/train/settle.ts', 'src/cli.ts', 'src/mail/compose/run.ts'].map(partOf),
  ).toEqual(['store', 'jobs', 'compose', 'mail/compose'])
})
