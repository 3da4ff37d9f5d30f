/** What the text of a script names: modules that it may import, and configuration files. */
export interface Mentions {
  modules: { level: number; dotted: string; names: string[] }[]
  /** With `/`, without a leading `./` or `../`. */
  configurations: string[]
  /** What it adds to the folders in which Python looks for modules, as it is spelled. */
  folders: string[]
}

const IMPORT =
  /(?:^|[;:])[ \t]*(?:from[ \t]{1,99}(?<dots>\.{0,99})(?<from>\w[\w.]{0,299}|)[ \t]{1,99}import[ \t]*(?<names>\([^)]*\)|[^\n#;]*)|import[ \t]+(?<modules>[^\n#;]+))/gm
const CONFIGURATION = /['"](?<path>[^'"\n]{1,200}\.(?:ya?ml|json|toml|cfg|ini))['"]/gi
const ADDED = /\bsys\.path\.(?:append|insert|extend)\((?<arguments>[^\n]*)/g
const STRING = /['"]([^'"\n]{1,200})['"]/g
/** Hydra names a folder and a file without its ending. */
const HYDRA = /\bconfig_(?<key>name|path)\s*=\s*['"](?<value>[^'"\n]{1,200})['"]/g

/** A text search: it may name too much, which costs a look at the disk; the analysis decides by the syntax. */
export function mentionsOf(text: string): Mentions {
  const joined = text.replaceAll(/\\\r?\n/g, ' ')
  return {
    modules: modulesOf(joined),
    configurations: [...new Set(configurationsOf(joined))],
    folders: [...joined.matchAll(ADDED)].map(({ groups }) =>
      [...(groups?.arguments ?? '').matchAll(STRING)].map(([, text = '']) => text).join('/'),
    ),
  }
}

function modulesOf(text: string): Mentions['modules'] {
  return [...text.matchAll(IMPORT)].flatMap(({ groups = {} }) => {
    if (groups.modules !== undefined) {
      return namesIn(groups.modules).map((dotted) => ({ level: 0, dotted, names: [] }))
    }
    const names = namesIn(groups.names ?? '')
    return [{ level: groups.dots?.length ?? 0, dotted: groups.from ?? '', names }]
  })
}

/** `(a as b, c)` -> `a`, `c`; comments within parentheses are passed over. */
const namesIn = (list: string): string[] =>
  list
    .replaceAll(/#[^\n]*/g, '')
    .replaceAll(/[()]/g, '')
    .split(',')
    .map((part) => /^\s*([\w.]+)/.exec(part)?.[1] ?? '')
    .filter((name) => name !== '')

function configurationsOf(text: string): string[] {
  const named = [...text.matchAll(CONFIGURATION)].map(({ groups }) => groups?.path ?? '')
  const hydra = { name: [] as string[], path: [] as string[] }
  for (const { groups } of text.matchAll(HYDRA)) {
    hydra[groups?.key as 'name' | 'path'].push(groups?.value ?? '')
  }
  const composed = hydra.name.flatMap((name) =>
    ['', ...hydra.path].map(
      (folder) => `${folder === '' ? '' : `${folder}/`}${name.replace(/\.ya?ml$/, '')}.yaml`,
    ),
  )
  return [...named, ...composed].map((path) => path.replaceAll('\\', '/').replace(/^(\.{0,2}\/)+/, ''))
}
