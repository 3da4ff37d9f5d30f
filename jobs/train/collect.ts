import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import type { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import type { Executor } from '../../src/containers/executor.ts'
import { WORKDIR } from './container.ts'

/** Files that trainings leave their models in. */
const MODEL = /\.(joblib|pkl|pickle|pt|pth|ckpt|h5|hdf5|keras|onnx|safetensors|ubj|model|cbm)$/i
const MAX_MODEL_BYTES = 200 * 1024 * 1024
const MAX_MODELS = 10
const MAX_RESULT_BYTES = 1024 * 1024

/** Text of one file of an ended container; null when it is not there or larger than `limit` bytes. */
export async function readContainerFile(
  executor: Executor,
  container: string,
  path: string,
  limit = MAX_RESULT_BYTES,
) {
  const content = await readBytes(executor, container, path, limit)
  return content?.toString('utf8') ?? null
}

/** `accuracy.txt` and `metrics.json`, where the training wrote them. */
export async function readResultFiles(executor: Executor, container: string, changed: readonly string[]) {
  const files: Record<string, string> = {}
  for (const name of ['accuracy.txt', 'metrics.json']) {
    const path = posix.join(WORKDIR, name)
    const text = changed.includes(path) ? await readContainerFile(executor, container, path) : null
    if (text !== null) files[name] = text
  }
  return files
}

/** Copies the model files that the training wrote into `folder`. @returns their names */
export async function collectModels(
  executor: Executor,
  container: string,
  changed: readonly string[],
  folder: string,
) {
  const names: string[] = []
  const models = changed
    .filter((path) => path.startsWith(`${WORKDIR}/`) && MODEL.test(path))
    .slice(0, MAX_MODELS)
  for (const path of models) {
    const content = await readBytes(executor, container, path, MAX_MODEL_BYTES)
    if (!content) continue
    await mkdir(folder, { recursive: true })
    const name = basename(path)
    await writeFile(join(folder, name), content)
    names.push(name)
  }
  return names
}

async function readBytes(
  executor: Executor,
  container: string,
  path: string,
  limit: number,
): Promise<Buffer | null> {
  const tar = await executor.get(container, path)
  if (!tar) return null
  const unpacked = (tar as Readable).pipe(extract())
  for await (const entry of unpacked) {
    if (entry.header.type !== 'file' || (entry.header.size ?? 0) > limit) {
      tar.destroy()
      return null
    }
    const parts: Buffer[] = []
    for await (const part of entry) parts.push(part as Buffer)
    return Buffer.concat(parts)
  }
  return null
}
