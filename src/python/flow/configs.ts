import { type ConfigEntry, readConfigFile } from '../config/read.ts'
import type { Names } from '../names/names.ts'
import type { SourceFile } from '../source.ts'
import type { NumberLiteral, StringLiteral } from '../syntax/tree.ts'
import { calledName, keywordOf, stringOf } from '../syntax/walk.ts'

export interface ConfigValue {
  file: SourceFile
  path: string[]
  value: NumberLiteral | StringLiteral
}

/** The last key that is no place in a list. */
export const keyIn = ({ path }: Pick<ConfigValue, 'path'>): string =>
  path.findLast((part) => !/^\d+$/.test(part)) ?? ''

const CONFIG = /\.(ya?ml|json|toml)$/i
/** Settings of tools, not of the training. */
const TOOLS =
  /(^|\/)(package(-lock)?|tsconfig|pyproject|composer|manifest|hone|environment|setup)\.(json|toml|ya?ml)$/i

/** Scalars of the configuration files that the program names in its source or gets as an argument, in that order. */
export function configValues(names: Names, args: readonly string[] = []): ConfigValue[] {
  return configFiles(names, args).flatMap((file) =>
    readConfigFile(file).flatMap((entry): ConfigValue[] => {
      const value = literalOf(file, entry)
      return value ? [{ file, path: entry.path, value }] : []
    }),
  )
}

function literalOf(file: SourceFile, entry: ConfigEntry): NumberLiteral | StringLiteral | null {
  const { start, end, value } = entry
  const { line } = file.place(start, end)
  if (typeof value === 'number') return { kind: 'number', value, float: entry.float, start, end, line }
  if (typeof value === 'string') return { kind: 'string', value, parts: [], start, end, line }
  return null
}

function configFiles(names: Names, args: readonly string[]): SourceFile[] {
  const { files } = names.project
  const found = new Set<SourceFile>()
  const named = (text: string, from: string) => {
    const wanted = text.replaceAll('\\', '/').replace(/^(\.{1,2}\/)+/, '')
    const folder = from.split('/').slice(0, -1).join('/')
    for (const path of [folder === '' ? wanted : `${folder}/${wanted}`, wanted]) {
      const file = files.get(path)
      if (file) return found.add(file)
    }
    const [alike, more] = [...files.values()].filter((file) => file.path.endsWith(`/${wanted}`))
    return alike && !more && found.add(alike)
  }
  for (const module of names.modules) {
    for (const { value } of module.strings) {
      if (value.length < 200 && CONFIG.test(value) && !TOOLS.test(value)) named(value, module.path)
    }
    for (const { call } of module.calls) {
      // Hydra names a folder and a file without its ending.
      if (calledName(call) !== 'main') continue
      const name = stringOf(keywordOf(call, 'config_name'))
      if (name === null) continue
      const folder = stringOf(keywordOf(call, 'config_path')) ?? '.'
      named(`${folder}/${name.replace(CONFIG, '')}.yaml`.replace(/^\.\//, ''), module.path)
    }
  }
  const [entry] = names.modules
  for (const text of args) if (CONFIG.test(text)) named(text.split('=').at(-1) ?? text, entry?.path ?? '')
  return [...found]
}
