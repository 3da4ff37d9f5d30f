import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { HoneError } from '../../src/domain/failure.ts'
import { Flow } from '../../src/python/flow/flow.ts'
import { Names } from '../../src/python/names/names.ts'
import { loadPython } from '../../src/python/parser.ts'
import { openProject } from '../../src/python/project.ts'
import { type SourceFile, sourceOf } from '../../src/python/source.ts'

const grammar = createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm')

export const python = await loadPython(readFileSync(grammar))

export const repository = (files: Record<string, string>): SourceFile[] =>
  Object.entries(files).map(([path, text]) => sourceOf(path, text))

/** The names of a program; its entry is the first file. */
export function namesOf(files: string | Record<string, string>): Names {
  const given = typeof files === 'string' ? { 'train.py': files } : files
  const [entry = ''] = Object.keys(given)
  return new Names(openProject(python, repository(given)), entry)
}

export const flowOf = (files: string | Record<string, string>): Flow => new Flow(namesOf(files))

/** The failure that a call throws. */
export function failureOf(call: () => unknown) {
  try {
    call()
  } catch (error) {
    if (error instanceof HoneError) return error.failure
    throw error
  }
  throw new Error('expected a HoneError, none was thrown')
}
