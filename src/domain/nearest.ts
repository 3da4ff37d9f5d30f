const bare = (text: string) => text.toLowerCase().replaceAll(/[^a-z\d]/g, '')

/** Names that are likely meant by `name`, the likeliest first; none where none is near. Pure. */
export function nearestNames(name: string, known: readonly string[], count: number): string[] {
  const wanted = bare(name)
  return known
    .map((candidate) => ({ candidate, distance: apart(wanted, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate)
}

/** `lr@31` is as near as `lr`: the line only tells it from others of its name. */
const apart = (wanted: string, candidate: string) =>
  Math.min(distance(wanted, bare(candidate)), distance(wanted, bare(candidate.replace(/@.*$/, ''))))

/** The edit distance, two letters swapped counted as one edit; names longer than 64 characters are nobody's typing error. */
function distance(a: string, b: string): number {
  if (a.length > 64) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : change
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change, swapped))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
