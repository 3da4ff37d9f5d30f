import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from '../../src/paths.ts'
import { importsOf } from '../architecture/source.ts'

const { dependencies } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'))

/** Packages that are loaded before a file's first line runs; what is imported when it is called does not count. */
function packagesOf(path: string): string[] {
  const packages = new Set<string>()
  const files = new Set([path])
  for (const file of files) {
    const text = readFileSync(join(packageRoot, file), 'utf8').replaceAll(/\bimport\([^)]*\)/g, '')
    for (const { name, target, typeOnly } of importsOf({ path: file, text })) {
      if (typeOnly) continue
      if (target !== null) files.add(target)
      else if (name in dependencies) packages.add(name)
    }
  }
  return [...packages].sort()
}

it.each([
  ['src/cli.ts', ['commander', 'picocolors']],
  ['src/cli/inspect.ts', ['picocolors', 'toml-eslint-parser', 'web-tree-sitter', 'yaml']],
  ['src/cli/rewrite.ts', ['picocolors', 'toml-eslint-parser', 'web-tree-sitter', 'yaml']],
])('%s starts fast: no database, engine, server or schema library', (path, packages) => {
  expect(packagesOf(path)).toEqual(packages)
})

it('src/cli/suggest.ts loads nothing but what reads its lines', () => {
  expect(packagesOf('src/cli/suggest.ts')).toEqual(['zod'])
})

it('sees what a command that serves loads', () => {
  expect(packagesOf('src/cli/serve.ts')).toEqual(
    expect.arrayContaining(['better-sqlite3', 'dockerode', 'zod']),
  )
})
