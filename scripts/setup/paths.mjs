import { existsSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of Hone's package.json. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** @param {string[]} parts a path inside Hone's folder */
export const inRoot = (...parts) => join(root, ...parts)

/** Daemons lie in the sbin folders, which a user's PATH often lacks. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin']

/**
 * @param {string} name of a program
 * @returns {string | null} its path
 */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...SYSTEM_FOLDERS]
  for (const folder of folders) {
    const path = join(folder, name)
    if (existsSync(path) && statSync(path).isFile()) return path
  }
  return null
}
