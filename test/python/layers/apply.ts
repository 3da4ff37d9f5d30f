import type { Structure, TextPatch } from '../../../src/python/layers/index.ts'
import { layersIn } from './learn.ts'

/** The text of a module with patches and with other edits, those inside of copied ranges included. */
export function patched(
  text: string,
  patches: readonly TextPatch[],
  edits: readonly TextPatch[] = [],
): string {
  const inRange = (start: number, end: number, without: boolean): string => {
    const here = [...(without ? [] : patches), ...edits]
      .filter((patch) => patch.start >= start && patch.end <= end)
      .filter((patch) => without || patches.includes(patch) || !covered(patch, patches))
      .sort((a, b) => a.start - b.start || a.end - b.end)
    let out = ''
    let at = start
    for (const patch of here) {
      out += text.slice(at, patch.start)
      for (const piece of patch.pieces) {
        out += typeof piece === 'string' ? piece : inRange(piece.start, piece.end, true)
      }
      at = patch.end
    }
    return out + text.slice(at, end)
  }
  return inRange(0, text.length, false)
}

const covered = (edit: TextPatch, patches: readonly TextPatch[]) =>
  patches.some(({ start, end }) => start <= edit.start && edit.end <= end && start < end)

/** The source with another number of layers; null where that number is not offered. */
export function withLayers(source: string, name: Structure['name'], count: number): string | null {
  const found = layersIn(source).structures.find((one) => one.name === name)
  const patches = found?.variants[String(count)]
  return patches ? patched(source, patches) : null
}

/** Lines of the source that go (`-`) and that are new (`+`), in order. */
export function changes(before: string, after: string | null): string[] {
  if (after === null) return ['not offered']
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  const table = old.map(() => fresh.map(() => 0))
  const at = (i: number, j: number) => table[i]?.[j] ?? 0
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      const row = table[i]
      if (row) row[j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      i++
      j++
    } else if (j >= fresh.length || (i < old.length && at(i + 1, j) >= at(i, j + 1)))
      lines.push(`-${old[i++]}`)
    else lines.push(`+${fresh[j++]}`)
  }
  return lines
}

/** `conv_blocks 2: 1-5` for each number of layers that may change. */
export const structuresIn = (files: string | Record<string, string>): string[] =>
  layersIn(files).structures.map(({ name, value, low, high }) => `${name} ${value}: ${low}-${high}`)
