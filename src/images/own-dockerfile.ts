import type { Readable } from 'node:stream'
import { extract, pack } from 'tar-stream'
import { HoneError, systemError, userError } from '../domain/failure.ts'
import type { BuildOutput } from './build-output.ts'

/** The repository's Dockerfile with what trainings need after it, beside the repository's files. */
export const DOCKERFILE = '.hone.Dockerfile'

/** What the check of Python ends with. */
const NO_PYTHON = 64

/** For the training user: folders that it may write to, and a home. The image's own user stays where it has the same id. */
export const ENDING = `
USER root
RUN python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' || exit ${NO_PYTHON}
RUN { grep -q '^[^:]*:[^:]*:1000:' /etc/passwd || echo 'hone:x:1000:1000::/home/hone:/bin/sh' >> /etc/passwd; } \\
 && { grep -q '^[^:]*:[^:]*:1000:' /etc/group || echo 'hone:x:1000:' >> /etc/group; } \\
 && mkdir -p /home/hone /workspace /checkpoints \\
 && chown 1000:1000 /home/hone /checkpoints \\
 && { find /workspace -type d -exec chown 1000:1000 {} + || chown 1000:1000 /workspace; }
ENV HOME=/home/hone PYTHONUNBUFFERED=1 MPLBACKEND=Agg
WORKDIR /workspace
USER 1000:1000
`

/**
 * The context of a repository's own image: its files, and its Dockerfile with an ending.
 * @param files the commit as a tar stream
 * @param path the Dockerfile's, relative to the repository's root
 */
export function ownContext(files: Readable, path: string): Readable {
  const [input, output] = [extract(), pack()]
  let dockerfile: Buffer | null = null
  const isGone = () => (output as unknown as { destroying: boolean }).destroying
  input.on('entry', (header, stream, next) => {
    // An entry of an archive that nobody takes any more would be thrown where nobody catches it.
    if (isGone()) return void input.destroy()
    const chunks: Buffer[] = []
    const entry = output.entry(header, (error) => (error ? output.destroy(error) : next()))
    // Both end with the output, whose error is heard.
    for (const end of [entry, stream]) end.on('error', () => {})
    stream.on('data', (chunk: unknown) => {
      if (header.name === path) chunks.push(chunk as Buffer)
    })
    stream.once('end', () => {
      if (header.name === path) dockerfile = Buffer.concat(chunks)
    })
    stream.pipe(entry)
  })
  input.once('finish', () => {
    if (isGone()) return
    const text = `${dockerfile?.toString('utf8').trimEnd() ?? ''}\n${ENDING}`
    output.entry({ name: DOCKERFILE, mtime: new Date(0) }, text).on('error', () => {})
    output.finalize()
  })
  const fail = (error: Error) => output.destroy(error)
  files.once('error', fail)
  input.once('error', fail)
  // The engine went away, or refused: the rest of the files is not read.
  output.once('close', () => {
    input.destroy()
    files.destroy()
  })
  files.pipe(input)
  return output as unknown as Readable
}

const NO_REGISTRY =
  /pull access denied|manifest for .* not found|dial tcp|no such host|i\/o timeout|TLS handshake|net\/http|registry/i
const NO_NETWORK =
  /Temporary failure (?:in name resolution|resolving)|Could not resolve host|Retrying \(Retry/

/** What an engine says of itself while it is stopped in the middle of a step; it has no code for it. */
const ENGINE_ENDS = /libnetwork|containerd|transport is closing|shutting down|context canceled/i

/** Why a repository's own image could not be built. */
export function ownFailure(output: BuildOutput, path: string): HoneError {
  const detail = output.tail
  const error = output.error ?? ''
  if (output.code === NO_PYTHON && /version_info/.test(error)) {
    return userError(
      'dockerfile-python',
      `The image of ${path} has no \`python3\` of version 3.8 or later on its PATH.`,
      'Install Python 3 in it, as `python3`, or begin with an image that has it, such as python:3.13-slim.',
      { file: path, detail },
    )
  }
  if (
    /manifest for .* not found|invalid reference format|dockerfile parse error|unknown instruction/i.test(
      error,
    )
  ) {
    return userError('dockerfile-build', `${path} cannot be built: ${error}`, 'Correct it and push again.', {
      ...{ file: path, detail },
    })
  }
  if (NO_REGISTRY.test(error)) {
    return new HoneError({
      kind: 'system',
      code: 'image-pull',
      message: `${path} begins with an image that the engine cannot get: ${error}`,
      remedy:
        'See whether the engine reaches that registry and may read the image, or load it with `docker load`.',
      detail,
    })
  }
  // A step that ended with a code of its own has its whole command in the error.
  if (output.code === null && ENGINE_ENDS.test(error)) {
    const remedy = 'Hone tries again by itself. If it stays, look at the log of the engine.'
    return systemError('image-build', `The engine broke off the build of ${path}: ${error}`, remedy)
  }
  if (NO_NETWORK.test(detail)) {
    const remedy = 'See whether containers of this engine reach the network.'
    return systemError('image-build', `${path} could not be built: ${error}`, remedy)
  }
  const buildKit = /requires BuildKit|--mount|heredoc/i.test(error)
  return userError(
    'dockerfile-build',
    `${path} cannot be built: ${error}`,
    buildKit
      ? "Hone builds with the engine's classic builder, which every engine has: write it without BuildKit's own instructions."
      : 'See the end of its output, and try `docker build .` by hand. To train in an image of Hone instead, name it in hone.yaml, such as `image: pytorch`.',
    { file: path, detail },
  )
}
