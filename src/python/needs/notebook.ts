import { evidenceAtLine } from '../detect/evidence.ts'
import { commandsIn } from '../detect/hints-shell.ts'
import type { Names } from '../names/names.ts'
import { parseRequirement, type Requirement } from './requirement.ts'

/** `!pip install -q einops`, as the analysis reads it: behind a comment sign. */
const INSTALL = /^\s*(?:pass\s+)?#\s*[!%]?\s*((?:python3?\s+-m\s+)?pip3?\s+install\s.*)$/
/** Options of pip that take a value. */
const VALUED =
  /^(-r|--requirement|-c|--constraint|-i|--index-url|--extra-index-url|-f|--find-links|-t|--target|--trusted-host)$/

/** What the cells of a notebook install: its training runs without those commands. */
export function notebookInstalls(names: Names): Requirement[] {
  return names.modules
    .filter(({ path }) => path.endsWith('.ipynb'))
    .flatMap((module) =>
      module.lines.flatMap((text, index) => {
        const [command] = commandsIn(INSTALL.exec(text)?.[1] ?? '')
        const { file, line } = evidenceAtLine(module, index + 1, '')
        return packagesOf(command ?? []).flatMap((one) => parseRequirement(one, { file, line }) ?? [])
      }),
    )
}

function packagesOf(words: readonly string[]): string[] {
  const given = words.slice(words.indexOf('install') + 1)
  return given.filter((word, index) => !/^[-.$/{]/.test(word) && !VALUED.test(given[index - 1] ?? ''))
}
