import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { loadPython, type PythonParser } from '../../python/parser.ts'

/** The parser alone, for commands that need nothing else of Hone. */
export async function openParser(): Promise<PythonParser> {
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm')
  return loadPython(await readFile(grammar))
}
