import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} Mark a labelled literal
 * @property {string} [file] relative to the case's folder; else the case's script
 * @property {number} [line] counted from 1
 * @property {string} [source] of a notebook: the line itself
 * @property {string} [name]
 * @property {string} [literal] as it is spelled, where the line holds more than one
 * @property {boolean} [list] a list of candidates of the script's own search
 * @property {string} [why]
 */

/**
 * @typedef {object} Case
 * @property {string} repository owner/name
 * @property {string} path of a script or a folder; '' for the whole repository
 * @property {'file' | 'folder'} kind
 * @property {string} framework
 * @property {string[]} [frameworkAlso]
 * @property {string} family
 * @property {string[]} [familyAlso]
 * @property {string} task
 * @property {string[]} [taskAlso]
 * @property {string | null} entry relative to the folder
 * @property {string[]} [entryAlso]
 * @property {boolean} [python2]
 * @property {Mark[]} hyperparameters
 * @property {Mark[]} protected
 * @property {Mark[]} [dead]
 */

/** Half of the repositories is for development, the other only for the final count. */
export const halfOf = (repository) =>
  Number.parseInt(createHash('sha1').update(repository).digest('hex')[0], 16) % 2 === 0 ? 'dev' : 'held-out'

/**
 * The labelled cases whose checkout is there, in a fixed order.
 * @param {string} labels folder of .jsonl files
 * @param {string} checkouts folder with <owner>+<name>/ in it
 * @param {'dev' | 'held-out' | 'all'} half
 * @returns {{cases: (Case & {at: string, root: string})[], missing: number}}
 */
export function readCases(labels, checkouts, half) {
  const all = readdirSync(labels)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(labels, name), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line))
    .filter(({ repository }) => half === 'all' || halfOf(repository) === half)
    .map((one) => {
      const root = join(checkouts, one.repository.replace('/', '+'))
      return { ...one, root, at: join(root, one.path) }
    })
  const cases = all.filter(({ at }) => existsSync(at))
  return { cases, missing: all.length - cases.length }
}
