import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * @param {string} base
 * @param {string[]} names files and folders below it; missing ones count as missing
 * @returns {{ path: string, mtimeMs: number, size: number }[]} every file, sorted by path
 */
export function listFiles(base, names) {
  const files = []
  const visit = (path) => {
    const stat = statSync(join(base, path), { throwIfNoEntry: false })
    if (stat?.isDirectory()) {
      for (const name of readdirSync(join(base, path))) if (name !== 'node_modules') visit(`${path}/${name}`)
    } else if (stat) {
      files.push({ path, mtimeMs: stat.mtimeMs, size: stat.size })
    }
  }
  for (const name of names) visit(name)
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * @param {{ path: string, mtimeMs: number, size: number }[]} files
 * @returns {string} differs when a file was added, removed or written
 */
export const stampOf = (files) =>
  digest(files.map((file) => `${file.path}|${file.mtimeMs}|${file.size}`).join('\n'))

/** @param {string | Buffer} content */
export const digest = (content) => createHash('sha256').update(content).digest('hex')

/** @returns {string | null} the stamp that `writeStamp` left there */
export function readStamp(path) {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

export function writeStamp(path, stamp) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${stamp}\n`)
}
