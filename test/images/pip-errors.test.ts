import { describe, expect, it } from 'vitest'
import type { ImageLayer } from '../../src/domain/image.ts'
import { pipFailure } from '../../src/images/pip-errors.ts'

const layer: ImageLayer = {
  packages: [
    { text: 'einops', file: 'requirements.txt', line: 1 },
    { text: 'Torch==1.8.0', file: 'requirements.txt', line: 2 },
    { text: 'git+https://github.com/x/clip.git', file: 'more.txt', line: 7 },
  ],
  ...{ options: [], constraints: [], system: [], paths: [] },
}
const failure = (tail: string, collecting: string | null = null) =>
  pipFailure({ tail, collecting }, layer)?.failure

describe('why pip failed', () => {
  it.each([
    [
      'ERROR: Could not find a version that satisfies the requirement torch==1.8.0 (from versions: 2.5.0, 2.6.0rc1, 2.6.0)',
      null,
      {
        code: 'no-version',
        line: 2,
        message: "torch==1.8.0 cannot be had for the image's Python: of torch there are 2.5.0, 2.6.0.",
      },
    ],
    [
      'ERROR: Could not find a version that satisfies the requirement einop (from versions: none)',
      null,
      { code: 'no-package', message: 'einop is not on PyPI, or not for this Python and processor.' },
    ],
    [
      'ERROR: Could not find a version that satisfies the requirement x>=9 (from torch) (from versions: 1, 2, 3, 4, 5, 6, 7)',
      null,
      { code: 'no-version', message: expect.stringContaining('of x there are 1 to 7 (7 versions)') },
    ],
    [
      'ERROR: Cannot install -r /tmp/needs/requirements.txt (line 1) and einops because these package versions have conflicting dependencies.\nThe conflict is caused by:\n    The user requested einops\n    more 1.0 depends on torch>=2\n    The user requested (constraint) torch==1.0',
      null,
      {
        ...{ code: 'requirements-conflict', line: 1 },
        message:
          'The packages do not go together: the repository asks for einops; more 1.0 depends on torch>=2; torch==1.0 is held, by the image or a constraint.',
      },
    ],
    [
      "error: Failed to build 'Torch' when getting requirements to build wheel",
      null,
      { code: 'package-build', line: 2 },
    ],
    [
      "pip._vendor.pyproject_hooks._impl.BackendUnavailable: Cannot import 'setuptools.build_meta'",
      'einops',
      { code: 'package-build', line: 1 },
    ],
    ['ERROR: Failed building wheel for einops', null, { code: 'package-build', line: 1 }],
    ['fatal: repository not found', null, { code: 'no-package', file: 'more.txt', line: 7 }],
    ["ERROR: Invalid requirement: 'einops==': Expected end", null, { code: 'requirements' }],
  ])('is said in words: %s', (tail, collecting, expected) => {
    expect(failure(tail, collecting)).toMatchObject({ kind: 'user', ...expected })
  })

  it.each([
    'WARNING: Retrying (Retry(total=4)) after connection broken\nERROR: Could not find a version that satisfies the requirement einops (from versions: none)',
    'fatal: unable to access: Could not resolve host: github.com',
    'E: Failed to fetch http://deb.debian.org',
    'The command returned a non-zero code: 137',
  ])('is no fault of the repository: %s', (tail) => {
    expect(failure(tail)).toBeUndefined()
  })

  it.each([
    'Could not find a version that satisfies the requirement  (from versions: ',
    'Failed to build installable wheels for (',
    'Cannot install requires ',
    'git clone ',
    `Cannot install a because ${'.'.repeat(200)} requires `,
  ])('is told in no time of lines full of %s', (words) => {
    const line = words.repeat(Math.ceil((64 * 1024) / words.length))
    expect(() => failure(`${line}\n${line}`)).not.toThrow()
  })

  it('names the package of a wheel that was not built', () => {
    const said =
      'ERROR: Failed to build installable wheels for some pyproject.toml based projects (einops, torch)'
    expect(failure(said)).toMatchObject({ code: 'package-build', line: 1 })
  })
})
