import type { ImageLayer } from '../domain/image.ts'
import type { BuildContext } from './plan.ts'

/** Where trainings find the repository; that of jobs/train/entry.ts. */
const WORKSPACE = '/workspace'
const SITE = `-c 'import sysconfig; print(sysconfig.get_path("purelib"))'`

/**
 * What a layer is built from. The packages go into an environment on top of the image's own, as the training user: their
 * build scripts are code from outside.
 */
export function layerContext(layer: ImageLayer): BuildContext {
  const { packages, options, constraints, system, paths } = layer
  const folders = paths.flatMap((path) => [path, `${path}/src`]).map((path) => posixJoin(WORKSPACE, path))
  const apt = [
    'RUN apt-get update \\',
    ` && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${system.join(' ')} \\`,
    ' && rm -rf /var/lib/apt/lists/*',
  ]
  const dockerfile = [
    'ARG BASE',
    'FROM $BASE',
    ...['INDEX_URL', 'EXTRA_INDEX_URL', 'TRUSTED_HOST', 'DEFAULT_TIMEOUT'].map((name) => `ARG PIP_${name}`),
    'ARG PIP_RETRIES=5',
    'USER root',
    ...(system.length > 0 ? apt : []),
    'RUN install -d -o 1000 -g 1000 /opt/needs',
    'COPY requirements.txt constraints.txt repository.pth /tmp/needs/',
    'USER 1000:1000',
    'RUN python3 -m venv --without-pip --system-site-packages /opt/needs \\',
    ` && site=$(/opt/needs/bin/python3 ${SITE}) \\`,
    ' && cp /tmp/needs/repository.pth "$site/hone-repository.pth" \\',
    // What an image has in an environment of its own is seen through this one, too.
    ` && if test -d /opt/packages; then /opt/packages/bin/python3 ${SITE} > "$site/hone-packages.pth"; fi`,
    ...(packages.length > 0
      ? [
          // pip tells of a network that is away only where it tries again.
          'RUN retries=$(( PIP_RETRIES > 0 ? PIP_RETRIES : 1 )) \\',
          ' && pip --python /opt/needs/bin/python3 install --no-cache-dir --progress-bar off --prefer-binary --retries $retries \\',
          '      --constraint /tmp/needs/constraints.txt --requirement /tmp/needs/requirements.txt',
        ]
      : []),
    'ENV PATH=/opt/needs/bin:$PATH',
  ]
  const file = (lines: readonly string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''))
  return {
    Dockerfile: file(dockerfile),
    'requirements.txt': file([...options, ...packages.map(({ text }) => text)]),
    'constraints.txt': file(constraints),
    'repository.pth': file(folders),
  }
}

const posixJoin = (root: string, path: string) =>
  `${root}/${path}`.replaceAll(/\/{2,}/g, '/').replace(/\/$/, '')

/** `requirements.txt` or `requirements.txt and pyproject.toml`; `pyproject.toml` where only folders are added. */
export const sourcesOf = ({ packages }: ImageLayer): string =>
  [...new Set(packages.map(({ file }) => file))].join(' and ') || "the repository's folders"
