import { canonical } from '../knowledge/canonical.ts'
import type { Names } from '../names/names.ts'
import { calledName, stringOf } from '../syntax/walk.ts'

/** The top packages that a program imports from outside, in canonical spelling. */
export function importedLibraries(names: Names): ReadonlySet<string> {
  const found = new Set<string>()
  const add = (dotted: string) => {
    const [top = ''] = dotted.split('.')
    found.add(top)
    found.add(canonical(dotted).split('.')[0] ?? top)
  }
  for (const module of names.modules) {
    for (const imported of module.imports) {
      const { name, level } = imported
      if (level > 0 || names.project.resolve(module.path, imported).length > 0) continue
      add(name === null || name === '*' ? imported.module : `${imported.module}.${name}`)
    }
    for (const { call } of module.calls) {
      const called = calledName(call)
      const dotted =
        called === 'import_module' || called === '__import__' ? stringOf(call.args[0]?.value) : null
      if (dotted) add(dotted)
    }
  }
  return found
}
