import type { Project } from '../project.ts'
import { argumentOf, calledName, stringOf } from '../syntax/walk.ts'
import type { Module } from './module.ts'

/** Where programs with ml_collections keep their values, when the flag's default names no file. */
const USUAL = 'configs/default.py'

/** Python files that a flag of ml_collections names as configuration: they are run, though nothing imports them. */
export function configModules(project: Project, entry: string, loaded: readonly Module[]): Module[] {
  const folder = entry.split('/').slice(0, -1).join('/')
  const found = new Set<string>()
  for (const module of loaded) {
    for (const { call } of module.calls) {
      if (calledName(call) !== 'DEFINE_config_file') continue
      const given = stringOf(argumentOf(call, 'default', 1))
      for (const name of [given ?? USUAL, given?.split('/').slice(-2).join('/') ?? USUAL]) {
        const path = folder === '' ? name : `${folder}/${name}`
        if (project.has(path)) found.add(path)
      }
    }
  }
  const known = new Set(loaded.map((module) => module.path))
  return [...found].filter((path) => !known.has(path)).map((path) => project.module(path))
}
