/** Why a line cannot be answered. */
export interface Problem {
  /** A stable word for programs. */
  code: 'not-json' | 'study' | 'internal'
  /** What is wrong, and where. */
  message: string
  /** Where in the line: `trials[2].values.lr`; empty for the whole. */
  path: string
  /** What to do about it. */
  remedy: string
}

type Path = readonly PropertyKey[]

/** `['trials', 2, 'values', 'my lr']` -> `trials[2].values["my lr"]`. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    if (!/^[A-Za-z_]\w*$/.test(String(key))) return `${text}[${JSON.stringify(key)}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, '')

/** As it stands in the line, cut. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** @param what goes on after the path: `is 3, but has to be a text` */
export const problemAt = (path: Path, what: string, remedy: string): Problem => ({
  code: 'study',
  message: `${path.length === 0 ? 'the study' : pathText(path)} ${what}.`,
  path: pathText(path),
  remedy,
})
