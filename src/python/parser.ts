import { Language, type Node, Parser } from 'web-tree-sitter'
import { type HoneError, userError } from '../domain/failure.ts'

export interface SourceFile {
  /** Relative to the repository's root, with `/`. */
  path: string
  text: string
}

export interface PythonParser {
  /**
   * Parses and hands the root to `read`. The tree lives in WebAssembly memory and is freed on return: nothing that
   * `read` returns may hold a node.
   * @throws HoneError `syntax-error` with file and line when the text is not Python 3
   */
  parse<T>(file: SourceFile, read: (root: Node) => T): T
}

/**
 * Loads the parser; all work after that is synchronous.
 * @param grammarWasm the bytes of tree-sitter-python's `tree-sitter-python.wasm`
 */
export async function loadPython(grammarWasm: Uint8Array): Promise<PythonParser> {
  await Parser.init()
  const language = await Language.load(grammarWasm)
  const parser = new Parser()
  parser.setLanguage(language)
  return {
    parse(file, read) {
      const tree = parser.parse(file.text)
      if (!tree) throw new Error(`The parser gave no tree for ${file.path}`)
      try {
        const broken = firstError(tree.rootNode)
        if (broken) throw syntaxError(file, broken)
        return read(tree.rootNode)
      } finally {
        tree.delete()
      }
    },
  }
}

/** Statements of Python 2 that the grammar still knows. */
const PYTHON_2 = new Set(['print_statement', 'exec_statement'])

function firstError(root: Node): Node | null {
  if (!root.hasError) {
    const old = root.descendantsOfType([...PYTHON_2])[0]
    return old ?? null
  }
  // The innermost error is the closest to what the person mistyped: the outer one often spans the rest of the file.
  let node = root
  for (;;) {
    const inner = node.children.find((child) => child && (child.isError || child.isMissing || child.hasError))
    if (!inner) return node
    node = inner
  }
}

function syntaxError(file: SourceFile, node: Node): HoneError {
  const line = node.startPosition.row + 1
  const text = (file.text.split(/\r\n|\r|\n/)[line - 1] ?? '').trim()
  const why = PYTHON_2.has(node.type) ? 'this is Python 2' : 'the syntax is invalid'
  return userError(
    'syntax-error',
    `${file.path} cannot be read as Python 3: ${why} in line ${line}: ${text}`,
    'Correct the line and push again.',
    { file: file.path, line, detail: text },
  )
}
