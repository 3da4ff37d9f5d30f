import { execFile } from 'node:child_process'
import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Config } from '../config.ts'
import { dockerExecutor } from '../containers/docker.ts'
import { HoneError, toFailure, unavailable } from '../domain/failure.ts'
import { checkSmtp } from '../mail/check.ts'
import { dataPaths } from '../paths.ts'
import { fullCheck } from '../store/damage.ts'
import { schemaOf } from '../store/migrate.ts'
import { openDatabase } from '../store/open.ts'
import { style } from './style.ts'

const exec = promisify(execFile)
const LOW_DISK_BYTES = 2 * 1024 ** 3

interface Check {
  part: string
  ok: boolean
  found: string
  /** What to do; empty when all is well. */
  remedy: string
}

/** @returns whether all is well */
export async function doctor(config: Config, json: boolean): Promise<boolean> {
  const checks = await Promise.all([
    check('node', async () => process.version),
    check('git', () => gitVersion()),
    check('engine', () => engine(config)),
    check('data', () => dataFolder(config)),
    check('database', async () => database(config)),
    check('mail', () => mail(config)),
  ])
  const ok = checks.every((entry) => entry.ok)
  if (json) console.log(JSON.stringify({ ok, checks }))
  else for (const entry of checks) printCheck(entry)
  return ok
}

function printCheck({ part, ok, found, remedy }: Check): void {
  const mark = ok ? style.green('ok  ') : style.red('FAIL')
  console.log(`${mark}  ${style.bold(part.padEnd(8))} ${found}`)
  if (remedy) console.log(`${' '.repeat(15)}${style.yellow(remedy)}`)
}

async function check(part: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { part, ok: true, found: await look(), remedy: '' }
  } catch (error) {
    const { message, remedy } = toFailure(error)
    return { part, ok: false, found: message, remedy }
  }
}

async function gitVersion(): Promise<string> {
  try {
    return (await exec('git', ['--version'])).stdout.trim()
  } catch (error) {
    throw unavailable('no-git', 'git is not installed.', 'Debian, Ubuntu: apt-get install git', error)
  }
}

async function engine(config: Config): Promise<string> {
  const { dockerHost } = config
  const { version, cpus, memoryBytes, gpus } = await dockerExecutor({ dockerHost, gpus: config.gpus }).info()
  const cards = gpus.length === 0 ? '' : `, graphics cards: ${gpus.join(', ')}`
  return `Docker ${version}, ${cpus} CPUs, ${(memoryBytes / 1024 ** 3).toFixed(1)} GiB of memory${cards}`
}

async function dataFolder(config: Config): Promise<string> {
  await mkdir(config.data, { recursive: true, mode: 0o700 })
  await access(config.data, constants.W_OK)
  const { bavail, bsize } = await statfs(config.data)
  const free = bavail * bsize
  const text = `${config.data}, ${(free / 1024 ** 3).toFixed(1)} GiB free`
  if (free >= LOW_DISK_BYTES) return text
  throw new HoneError({
    kind: 'unavailable',
    code: 'low-disk',
    message: text,
    remedy: 'Free some space, or set HONE_DATA to a folder on a larger disk.',
  })
}

/** All of it, which for a large one takes its time. */
function database(config: Config): string {
  const db = openDatabase(dataPaths(config.data).database)
  try {
    fullCheck(db)
    const pages = db.pragma('page_count', { simple: true }) as number
    const pageBytes = db.pragma('page_size', { simple: true }) as number
    return `schema ${schemaOf(db)}, ${((pages * pageBytes) / 1024 ** 2).toFixed(1)} MiB, whole`
  } finally {
    db.close()
  }
}

async function mail(config: Config): Promise<string> {
  if (config.smtpUrl === null) return 'no HONE_SMTP_URL: mails go to the mailbox folder and the dashboard'
  await checkSmtp(config.smtpUrl)
  return `${new URL(config.smtpUrl).host} answers`
}
