import { matchesGlob } from './glob.ts'

/** A file that a training wrote and Hone keeps. */
export interface Artifact {
  /** Below the trial's folder, with `/`: the path, without what a file system or a mail could misread. */
  name: string
  /** In the repository's folder, as the training wrote it. */
  path: string
  /** Bytes. */
  size: number
}

/** What is kept of a trial, and, a sentence each, what is not and why. */
export interface TrialArtifacts {
  kept: Artifact[]
  leftOut: string[]
}

/** Files that trainings leave their models in. */
const MODEL = /\.(joblib|pkl|pickle|pt|pth|ckpt|h5|hdf5|keras|onnx|safetensors|ubj|model|cbm)$/i
export const isModel = (path: string) => MODEL.test(path)

/** Of one trial. */
export const MOST_FILES = 100
export const MOST_FILE_BYTES = 512 * 1024 ** 2
export const MOST_BYTES = 1024 ** 3
const NAME_CHARACTERS = 80

/**
 * What to keep of the files that a training wrote, the most wanted first: what hone.yaml lists, then models without a number in
 * their name, then those with the highest numbers, since a checkpoint of epoch 50 is worth more than one of epoch 1. Pure.
 * @param written paths in the repository's folder
 */
export function chosenArtifacts(written: readonly string[], patterns: readonly string[]): string[] {
  const listed = patterns.flatMap((pattern) =>
    written.filter((path) => matchesGlob(path, pattern)).toSorted(),
  )
  const models = written.filter(isModel).toSorted(modelOrder)
  return [...new Set([...listed, ...models])].filter((path) => !HONES_OWN.test(path))
}

/** The script that a notebook is run as. */
const HONES_OWN = /(^|\/)\.hone-[^/]*$/

function modelOrder(a: string, b: string): number {
  const [x, y] = [a, b].map((path) => [...path.matchAll(/\d+/g)].map(([digits]) => Number(digits))) as [
    number[],
    number[],
  ]
  if ((x.length === 0) !== (y.length === 0)) return x.length - y.length
  for (let index = 0; index < Math.min(x.length, y.length); index++) {
    if (x[index] !== y[index]) return (y[index] as number) - (x[index] as number)
  }
  return a < b ? -1 : 1
}

/** `runs/a b/../best.pt` -> `runs/a-b/best.pt`: nothing in it leads out of a folder or is hidden. Pure. */
export function artifactName(path: string): string {
  const names = path
    .split('/')
    .map((part) => part.replaceAll(/[^\p{L}\p{N}_.-]/gu, '-').replace(/^\.+/, ''))
    .filter((part) => part !== '')
  return names.map((part) => [...part].slice(-NAME_CHARACTERS).join('')).join('/') || 'file'
}

/** Whether two names cannot lie in one folder: they are equal, or one is a folder of the other. Pure. */
export const areInTheWay = (a: string, b: string) => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`)
