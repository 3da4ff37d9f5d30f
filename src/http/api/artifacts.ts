import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { basename } from 'node:path/posix'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { notFound } from '../errors.ts'

export interface Artifact {
  /** Path below the trial's folder, with `/`. */
  name: string
  /** Bytes. */
  size: number
}

/** The regular files of a trial's folder. They come from untrusted code, so links are neither listed nor followed. */
export async function listArtifacts(folder: string): Promise<Artifact[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const artifacts = await Promise.all(
    files.map(async (path) => ({
      name: relative(folder, path).split(sep).join('/'),
      size: (await lstat(path)).size,
    })),
  )
  return artifacts.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Sends one of the listed files as a download. @throws HttpError 404 for any other name */
export async function sendArtifact(response: Response, folder: string, name: string): Promise<void> {
  const artifact = (await listArtifacts(folder)).find((known) => known.name === name)
  if (!artifact) throw notFound(`The artifact '${name}'`)
  const file = await open(join(folder, artifact.name), constants.O_RDONLY | constants.O_NOFOLLOW)
  response.attachment(basename(artifact.name))
  response.set('Content-Type', 'application/octet-stream')
  response.set('Content-Length', String((await file.stat()).size))
  await pipeline(file.createReadStream(), response).catch(ignoreAbort)
}

/** The reader left: nobody is there to be told. */
function ignoreAbort(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}
