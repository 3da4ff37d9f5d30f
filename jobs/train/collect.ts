import { createWriteStream } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import type { Executor } from '../../src/containers/executor.ts'
import { METRIC_FILES } from '../../src/metrics/files.ts'
import { WORKDIR } from './entry.ts'

/** Files that trainings leave their models in. */
const MODEL = /\.(joblib|pkl|pickle|pt|pth|ckpt|h5|hdf5|keras|onnx|safetensors|ubj|model|cbm)$/i
const MAX_MODEL_BYTES = 200 * 1024 * 1024
const MAX_MODELS = 10
const MAX_TEXT_BYTES = 16 * 1024 * 1024

/** Text of one file of an ended container; null when it is not there or larger than 16 MiB. */
export async function readContainerFile(
  executor: Executor,
  container: string,
  path: string,
  signal: AbortSignal,
) {
  const parts: Buffer[] = []
  const sink = () =>
    new Writable({
      write(part: Buffer, _encoding, done) {
        parts.push(part)
        done()
      },
    })
  const there = await copyOut(executor, container, path, MAX_TEXT_BYTES, sink, signal)
  return there ? Buffer.concat(parts).toString('utf8') : null
}

/** `accuracy.txt` and `metrics.json`, from the first of these folders that the training wrote them to. */
export async function readResultFiles(
  executor: Executor,
  container: string,
  folders: readonly string[],
  changed: readonly string[],
  signal: AbortSignal,
) {
  const files: Record<string, string> = {}
  for (const name of METRIC_FILES) {
    const path = folders.map((folder) => posix.join(folder, name)).find((path) => changed.includes(path))
    const text = path === undefined ? null : await readContainerFile(executor, container, path, signal)
    if (text !== null) files[name] = text
  }
  return files
}

/** Copies the model files that the training wrote into `folder`, each wholly or not at all. @returns their names */
export async function collectModels(
  executor: Executor,
  container: string,
  changed: readonly string[],
  folder: string,
  signal: AbortSignal,
) {
  const names: string[] = []
  const models = changed
    .filter((path) => path.startsWith(`${WORKDIR}/`) && MODEL.test(path))
    .slice(0, MAX_MODELS)
  if (models.length > 0) await mkdir(folder, { recursive: true })
  for (const path of models) {
    const name = fileNameOf(path)
    const half = join(folder, `${name}.part`)
    const sink = () => createWriteStream(half, { flush: true })
    if (!(await copyOut(executor, container, path, MAX_MODEL_BYTES, sink, signal))) continue
    await rename(half, join(folder, name))
    names.push(name)
  }
  return names
}

/** `/workspace/out/model.pt` -> `out_model.pt`: flat, and nothing that a file system or a mail could misread. */
export const fileNameOf = (path: string) =>
  posix
    .relative(WORKDIR, path)
    .replaceAll('/', '_')
    .replaceAll(/[^\w.-]/g, '-')
    .replace(/^\.+/, '')
    .slice(-120)

/** Streams one regular file into a sink. @returns false when there is no such file, or it is larger than the limit */
async function copyOut(
  executor: Executor,
  container: string,
  path: string,
  limit: number,
  sink: () => Writable,
  signal: AbortSignal,
): Promise<boolean> {
  const tar = await executor.get(container, path)
  if (!tar) return false
  let copied = false
  const unpacking = extract()
  unpacking.on('entry', (header, content, next) => {
    if (copied || header.type !== 'file' || (header.size ?? 0) > limit) {
      content.resume()
      content.on('end', next)
      return
    }
    copied = true
    pipeline(content, sink()).then(
      () => next(),
      (error) => next(error),
    )
  })
  await pipeline(tar, unpacking, { signal })
  return copied
}
