import { install } from './apt.mjs'
import { findProgram } from './paths.mjs'

export const gitStep = {
  name: 'git',
  needed: () => findProgram('git') === null,
  run: () =>
    install(
      'git',
      'git is not installed; Hone fetches code and keeps every trial with it.',
      'Install git: https://git-scm.com/downloads',
    ),
}
