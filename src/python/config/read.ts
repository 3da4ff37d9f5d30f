import type { SourceFile } from '../source/text.ts'
import type { ConfigEntry } from './entry.ts'
import { readJson } from './json-entries.ts'
import { readToml } from './toml.ts'
import { readYaml } from './yaml.ts'

export type { ConfigEntry } from './entry.ts'

const SIZE_LIMIT = 256 * 1024

const READERS: [ending: RegExp, read: (text: string) => ConfigEntry[]][] = [
  [/\.ya?ml$/, readYaml],
  [/\.json$/, readJson],
  [/\.toml$/, readToml],
]

/**
 * The scalars of a `.yaml`, `.yml`, `.json` or `.toml` file that can be changed in place, in their order; of a key that
 * is set twice, the last. Empty for a broken file, one above 256 KiB, and any other ending.
 */
export function readConfigFile(source: SourceFile): ConfigEntry[] {
  const read = READERS.find(([ending]) => ending.test(source.path))?.[1]
  if (!read || source.problem || source.text.length > SIZE_LIMIT) return []
  let entries: ConfigEntry[]
  try {
    entries = read(source.text)
  } catch {
    // Whatever a parser stumbles over (its own errors, too many levels), the file holds nothing to change.
    return []
  }
  const last = new Map(entries.map((entry) => [JSON.stringify(entry.path), entry]))
  return entries.filter((entry) => last.get(JSON.stringify(entry.path)) === entry)
}
