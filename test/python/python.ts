import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { HoneError } from '../../src/domain/failure.ts'
import { loadPython, type SourceFile } from '../../src/python/parser.ts'

const grammar = createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm')

export const python = await loadPython(readFileSync(grammar))

export const repository = (files: Record<string, string>): SourceFile[] =>
  Object.entries(files).map(([path, text]) => ({ path, text }))

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
