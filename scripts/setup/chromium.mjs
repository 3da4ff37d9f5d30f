import { existsSync } from 'node:fs'
import { install } from './apt.mjs'
import { findProgram } from './paths.mjs'
import { SetupProblem } from './problem.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const MACOS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'

const find = () => NAMES.map(findProgram).find(Boolean) ?? (existsSync(MACOS) ? MACOS : null)

/** Leaves the browser's path in CHROME_PATH, where the tests look. */
export const chromiumStep = {
  name: 'Chromium',
  needed() {
    const given = process.env.CHROME_PATH
    if (given && !existsSync(given)) {
      throw new SetupProblem(`CHROME_PATH is ${given}, but nothing is there.`, [
        'Set CHROME_PATH to a Chromium or Chrome, or unset it.',
      ])
    }
    const path = given || find()
    if (path) process.env.CHROME_PATH = path
    return !path
  },
  run: () =>
    install(
      'chromium',
      'Chromium is not installed; the tests look at the dashboard with it.',
      'Install Chromium or Chrome, or set CHROME_PATH to one.',
    ),
}
