import { Language, Parser, type ParseState, type Tree } from 'web-tree-sitter'
import { type HoneError, userError } from '../domain/failure.ts'
import type { SourceFile } from './source.ts'
import { type BrokenSign, brokenSign, brokenSignWords } from './syntax/brackets.ts'
import { type Lite, readLite } from './syntax/lite.ts'
import { readStatements } from './syntax/statements.ts'
import type { Statement } from './syntax/tree.ts'

export interface PythonParser {
  /**
   * Never throws for what stands in a file: what is wrong with it is its `problem`. A file in Python 2 has statements
   * as far as the grammar knows them.
   */
  parse(file: SourceFile): { body: Statement[]; problem: HoneError | null }
}

/** Nodes of one file that are read; a program of 20,000 dense lines has about as many. */
const NODE_LIMIT = 400_000

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
    parse(file) {
      if (file.problem) return { body: [], problem: file.problem }
      const tree = parser.parse(file.text, null, { progressCallback: patience() })
      parser.reset()
      if (!tree) return { body: [], problem: garbled(file) }
      try {
        return readTree(file, tree)
      } finally {
        tree.delete()
      }
    },
  }
}

/** Reports of progress after the first error: where errors follow one another, each takes long to get over. */
const ERROR_PATIENCE = 100

/** Ends the parse of what is no Python at all; a program with a few errors is read to its end. */
function patience() {
  let reports = 0
  return ({ hasError }: ParseState) => hasError && ++reports > ERROR_PATIENCE
}

const garbled = (file: SourceFile) =>
  userError(
    'syntax-error',
    `${file.path} cannot be read as Python 3: too much of it is no Python.`,
    'Look whether the file is what its name says.',
    { file: file.path },
  )

function readTree(file: SourceFile, tree: Tree) {
  const root = readLite(tree, NODE_LIMIT)
  if (!root) return { body: [], problem: tooLong(file) }
  const broken = tree.rootNode.hasError
  const old = python2(file, root, broken)
  if (old) return { body: broken ? [] : readStatements(root, file.text), problem: old }
  if (broken) return { body: [], problem: syntaxError(file, errorLine(tree)) }
  return { body: readStatements(root, file.text), problem: null }
}

const tooLong = (file: SourceFile) =>
  userError(
    'source-too-long',
    `${file.path} is too long to be analysed: it has more than ${NODE_LIMIT / 1000},000 words and signs.`,
    'Keep data out of the source, and push again.',
    { file: file.path },
  )

function errorLine(tree: Tree): number {
  // The innermost error is the closest to what the person mistyped: the outer one often spans the rest of the file.
  let node = tree.rootNode
  for (;;) {
    const inner = node.children.find((child) => child && (child.isError || child.isMissing || child.hasError))
    if (!inner) return node.startPosition.row + 1
    node = inner
  }
}

const textOfLine = (file: SourceFile, line: number) => (file.text.split(/\r\n|\r|\n/)[line - 1] ?? '').trim()

function syntaxError(file: SourceFile, line: number): HoneError {
  const text = textOfLine(file, line)
  const magic = file.path.endsWith('.py') ? magicLine(file) : null
  if (magic !== null) return exportedNotebook(file, magic)
  const broken = brokenSign(file.text.replaceAll(/\r\n?/g, '\n'))
  // A bracket that is open at the end says nothing of an error before it.
  if (broken !== null && (broken.kind !== 'unclosed' || broken.line <= line)) return signError(file, broken)
  return userError(
    'syntax-error',
    `${file.path} cannot be read as Python 3: the syntax is invalid in line ${line}: ${text.slice(0, 200)}`,
    'Correct the line and push again.',
    { file: file.path, line, detail: text },
  )
}

function signError(file: SourceFile, broken: BrokenSign): HoneError {
  const text = textOfLine(file, broken.line)
  const { what, remedy } = brokenSignWords(broken)
  const message = `${file.path} cannot be read as Python 3: ${what}: ${text.slice(0, 200)}`
  return userError('syntax-error', message, remedy, { file: file.path, line: broken.line, detail: text })
}

/** The first line that is a command of IPython: `!pip install x`, `%matplotlib inline`. */
function magicLine(file: SourceFile): number | null {
  const match = /^[ \t]*(?:![A-Za-z./]|%%?[A-Za-z]\w*(?:[ \t][^=\n]*)?$)/m.exec(file.text)
  return match && file.text.slice(0, match.index).split(/\r\n|\r|\n/).length
}

function exportedNotebook(file: SourceFile, line: number): HoneError {
  const text = textOfLine(file, line)
  return userError(
    'syntax-error',
    `${file.path} is an exported notebook with commands that only Jupyter knows, first in line ${line}: ${text.slice(0, 200)}`,
    'Remove the lines that start with `!` or `%`, or commit the notebook itself (.ipynb), and push again.',
    { file: file.path, line, detail: text },
  )
}

/** Statements of Python 2 that the grammar still knows. */
const PYTHON_2 = new Set(['print_statement', 'exec_statement'])
/** What only Python 2 reads, at the start of a line. */
const PYTHON_2_LINES =
  /^[ \t]*(?:print[ \t]+(?!\()["'\w%].*|exec[ \t]+["'\w].*|raise[ \t]+\w+[ \t]*,[ \t]*.+|except[ \t]+[\w.]+[ \t]*,[ \t]*\w+[ \t]*:)/m

function python2(file: SourceFile, root: Lite, broken: boolean): HoneError | null {
  const line = broken ? lineOfMatch(file.text) : (firstOf(root)?.line ?? null)
  if (line === null) return null
  const text = textOfLine(file, line)
  return userError(
    'python-2',
    `${file.path} is written in Python 2, which Hone does not run: line ${line}: ${text.slice(0, 200)}`,
    'Convert it to Python 3 (`print(...)`, `except E as e`), and push again.',
    { file: file.path, line, detail: text },
  )
}

function lineOfMatch(text: string): number | null {
  const match = PYTHON_2_LINES.exec(text)
  return match && text.slice(0, match.index).split(/\r\n|\r|\n/).length
}

/** The first statement of Python 2; expressions hold none. */
function firstOf(root: Lite): Lite | null {
  const stack = [root]
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (PYTHON_2.has(node.type) || isOldForm(node)) return node
    if (node.type === 'module' || node.type === 'block' || STATEMENTS.test(node.type)) {
      stack.push(...node.children.toReversed())
    }
  }
  return null
}

/** `raise E, text` and `except E, e:`, which the grammar lets pass. */
const isOldForm = ({ type, children }: Lite) =>
  (type === 'raise_statement' && children[0]?.type === 'expression_list') ||
  (type === 'except_clause' && children.filter((child) => child.field === 'value').length > 1)

const STATEMENTS = /_statement$|_definition$|_clause$|^block$/
