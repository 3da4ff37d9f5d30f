/** `lr`, then `lr@31`, then with the file, then with a count. */
export function uniqueNames<T extends { file: string; line: number }>(
  drafts: readonly T[],
  nameOf: (draft: T) => string,
): { draft: T; name: string }[] {
  const taken = new Set<string>()
  return drafts.map((draft) => {
    const bound = nameOf(draft)
    const names = [bound, `${bound}@${draft.line}`, `${bound}@${draft.file}:${draft.line}`]
    let name = names.find((candidate) => !taken.has(candidate))
    for (let count = 2; name === undefined; count++) {
      const counted = `${names[2]}.${count}`
      if (!taken.has(counted)) name = counted
    }
    taken.add(name)
    return { draft, name }
  })
}
