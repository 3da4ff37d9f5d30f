/** Set-up cannot go on: says what is wrong, where, and what to type. */
export class SetupProblem extends Error {
  /**
   * @param {string} message what is wrong, and where
   * @param {string[]} [remedy] commands or sentences, one a line
   * @param {string} [detail] the end of a log
   */
  constructor(message, remedy = [], detail = '') {
    super(message)
    this.name = 'SetupProblem'
    this.remedy = remedy
    this.detail = detail
  }
}

/**
 * @param {{ message: string, remedy?: string[], detail?: string }} problem
 * @returns {string} text for the terminal
 */
export function describeProblem({ message, remedy = [], detail = '' }) {
  const parts = [`hone: ${message}`]
  if (detail) parts.push(indent(detail, '  | '))
  if (remedy.length > 0) parts.push(`What to do:\n${indent(remedy.join('\n'), '  ')}`)
  return parts.join('\n')
}

const indent = (text, prefix) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => prefix + line)
    .join('\n')
