import { buildStep } from './build.mjs'
import { chromiumStep } from './chromium.mjs'
import { dependenciesStep } from './dependencies.mjs'
import { engineStep } from './engine.mjs'
import { gitStep } from './git.mjs'
import { imagesStep } from './images.mjs'
import { nodeStep } from './node.mjs'
import { describeProblem, SetupProblem } from './problem.mjs'

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => boolean | Promise<boolean>} needed quick: asked every time
 * @property {() => void | Promise<void>} run
 */

/** @type {Step[]} */
export const toStart = [nodeStep, gitStep, dependenciesStep, buildStep]
/** @type {Step[]} */
export const toTrain = [...toStart, engineStep, imagesStep]
/** @type {Step[]} */
export const toTest = [...toTrain, chromiumStep]

/** Commands that train, and so need an engine; the others work without. */
const TRAINING = new Set(['demo', 'serve', 'run'])

/**
 * @param {string[]} args of the hone command
 * @returns {Step[]} what it needs
 */
export function stepsFor(args) {
  const command = args.find((arg) => !arg.startsWith('-'))
  if (args.includes('--help') || args.includes('-h')) return toStart
  if (command === 'images') return [...toStart, engineStep]
  return TRAINING.has(command) ? toTrain : toStart
}

/**
 * Runs the steps that are needed, in their order. A step that cannot go on ends the program with exit code 2.
 * @param {Step[]} steps
 */
export async function setUp(steps) {
  try {
    for (const step of steps) if (await step.needed()) await step.run()
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error
    process.stderr.write(`${describeProblem(error)}\n`)
    process.exit(2)
  }
}
