import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { systemError } from '../../domain/failure.ts'

/** Whatever the user's own git is told to do with diffs. */
const PLAIN = [
  'core.quotePath=false',
  'core.autocrlf=false',
  'core.attributesFile=/dev/null',
  'core.pager=cat',
]
const OPTIONS = ['--no-index', '--no-prefix', '--text', '--no-ext-diff', '--no-textconv', '--unified=3']

/**
 * The unified diff, as `git apply` and `patch -p1` take it, in the bytes of the files.
 * @param before,after by path
 * @throws HoneError `diff-failed`
 */
export async function unifiedDiff(
  before: Readonly<Record<string, Buffer>>,
  after: Readonly<Record<string, Buffer>>,
  colour: boolean,
): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'hone-diff-'))
  try {
    for (const [side, files] of [['a', before] as const, ['b', after] as const]) {
      mkdirSync(join(folder, side))
      for (const [path, bytes] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, side, path)), { recursive: true })
        writeFileSync(join(folder, side, path), bytes)
      }
    }
    const settings = PLAIN.flatMap((setting) => ['-c', setting])
    return await git(folder, [
      ...settings,
      'diff',
      ...OPTIONS,
      colour ? '--color=always' : '--no-color',
      '--',
      'a',
      'b',
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function git(folder: string, args: string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const said: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => out.push(part))
    child.stderr.on('data', (part: Buffer) => said.push(part))
    child.once('error', (error) => reject(failed(error.message)))
    // 1 says that they differ.
    child.once('close', (code) =>
      code === 0 || code === 1
        ? resolve(Buffer.concat(out))
        : reject(failed(Buffer.concat(said).toString().trim())),
    )
  })
}

const failed = (why: string) =>
  systemError('diff-failed', `git shows no difference: ${why}`, 'Check that git is installed: `hone doctor`.')
