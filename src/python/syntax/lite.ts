import type { Tree } from 'web-tree-sitter'

/** A node of the concrete syntax, out of WebAssembly's memory. Comments and punctuation are left out. */
export interface Lite {
  type: string
  /** Name of the field that it is of its parent. */
  field: string | null
  start: number
  end: number
  line: number
  children: Lite[]
  /** Its operator, where it has one. */
  operator: string | null
}

/** Deeper than any source that a person writes; what lies deeper is not looked at. */
const DEPTH_LIMIT = 300
/** Tables of data that stand in source: nothing in them is of interest. */
const DATA_LIMIT = 3000
const DATA = new Set(['list', 'tuple', 'set', 'dictionary'])
/** Words and signs that are told by the node's kind or field. */
const OPERATORS = /^(?:[-+*/%@&|^~<>=!]+|not|and|or|in|is|not in|is not)$/

/** @returns null when the tree has more than `limit` nodes */
export function readLite(tree: Tree, limit: number): Lite | null {
  if (tree.rootNode.descendantCount > limit) return null
  const cursor = tree.walk()
  const make = (): Lite => ({
    type: cursor.nodeType,
    field: cursor.currentFieldName,
    start: cursor.startIndex,
    end: cursor.endIndex,
    line: cursor.startPosition.row + 1,
    children: [],
    operator: null,
  })
  try {
    const root = make()
    const stack: Lite[] = [root]
    if (!cursor.gotoFirstChild()) return root
    for (;;) {
      const parent = stack.at(-1) as Lite
      let node: Lite | null = null
      if (cursor.nodeIsNamed) {
        if (cursor.nodeType !== 'comment' && cursor.nodeType !== 'line_continuation') {
          node = make()
          parent.children.push(node)
        }
      } else if (parent.operator === null) {
        const sign = cursor.nodeType
        if (OPERATORS.test(sign)) parent.operator = sign
      }
      if (
        node &&
        stack.length < DEPTH_LIMIT &&
        !(DATA.has(node.type) && cursor.currentNode.descendantCount > DATA_LIMIT) &&
        cursor.gotoFirstChild()
      ) {
        stack.push(node)
        continue
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return root
        stack.pop()
        if (stack.length === 0) return root
      }
    }
  } finally {
    cursor.delete()
  }
}
