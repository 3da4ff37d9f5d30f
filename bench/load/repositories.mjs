/** Real git repositories, each with a history of its own on two branches. */
import { execFile, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../server.mjs'

const exec = promisify(execFile)
export const BRANCHES = ['main', 'dev']

/**
 * A bare repository whose branches hold `commits` commits each.
 * @returns `{ ref, sha, before, number }` of each commit, oldest first
 */
export async function makeRepository(folder, name, commits) {
  const path = join(folder, `${name}.git`)
  await exec('git', ['init', '--quiet', '--bare', '--initial-branch=main', path])
  const source = await readFile(join(root, 'examples', 'digits-sklearn', 'train.py'), 'utf8')
  const stream = BRANCHES.flatMap((branch) =>
    Array.from({ length: commits }, (_, index) => commitOf(name, branch, index, source)),
  ).join('')
  const marks = join(path, 'marks')
  await fed('git', ['-C', path, 'fast-import', '--quiet', `--export-marks=${marks}`], stream)
  const shas = new Map((await readFile(marks, 'utf8')).split('\n').map((line) => line.split(' ')))
  const pushes = BRANCHES.flatMap((branch, place) =>
    Array.from({ length: commits }, (_, index) => ({
      ref: `refs/heads/${branch}`,
      sha: shas.get(`:${place * commits + index + 1}`),
      before: index === 0 ? '0'.repeat(40) : shas.get(`:${place * commits + index}`),
      number: index,
    })),
  )
  return { path, pushes }

  function commitOf(project, branch, index, text) {
    const mark = BRANCHES.indexOf(branch) * commits + index + 1
    const script = text.replace('max_iter=50', `max_iter=${50 + index}`)
    const message = `Train ${project} on ${branch}, try ${index}`
    const from = index === 0 ? '' : `from :${mark - 1}\n`
    const data = (content) => `data ${Buffer.byteLength(content)}\n${content}\n`
    return (
      `commit refs/heads/${branch}\nmark :${mark}\ncommitter Ada <ada@example.org> ${1_700_000_000 + 60 * index} +0000\n` +
      `${data(message)}${from}M 644 inline train.py\n${data(script)}`
    )
  }
}

function fed(command, args, input) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'inherit'] })
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`)),
    )
    child.stdin.end(input)
  })
}
