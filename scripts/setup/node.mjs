import { readFileSync } from 'node:fs'
import { inRoot } from './paths.mjs'
import { SetupProblem } from './problem.mjs'

/**
 * @param {string} have such as `20.19.2`
 * @param {string} range as in package.json's engines: `>=20.19`
 */
export function isNewEnough(have, range) {
  const numbers = (text) =>
    text
      .replace(/^[^\d]*/, '')
      .split('.')
      .map((part) => Number.parseInt(part, 10))
  const wanted = numbers(range)
  const given = numbers(have)
  for (const [index, want] of wanted.entries()) {
    const got = given[index] ?? 0
    if (got !== want) return got > want
  }
  return true
}

export const nodeStep = {
  name: 'Node',
  needed: () => !isNewEnough(process.versions.node, wantedRange()),
  run() {
    throw new SetupProblem(
      `Hone needs Node ${wantedRange()}; this is ${process.versions.node} (${process.execPath}).`,
      ['Install the current LTS from https://nodejs.org/en/download, then type the same command again.'],
    )
  },
}

const wantedRange = () => JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).engines.node
