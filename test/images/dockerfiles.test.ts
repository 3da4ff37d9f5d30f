import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderOf, IMAGE_NAMES, parentOf } from '../../src/images/plan.ts'
import { packageRoot } from '../../src/paths.ts'

const folder = join(packageRoot, 'docker', 'images')
const read = (name: string) => readFileSync(join(folder, name, 'Dockerfile'), 'utf8')

/** Instructions with lines that go on joined, without comments. */
const instructionsOf = (text: string) =>
  text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? []
      return name === undefined ? [] : [{ name, rest: (rest ?? '').replaceAll(/\s+/g, ' ').trim() }]
    })

const names = [...new Set(IMAGE_NAMES.map(folderOf))]

describe.each(names)('the Dockerfile of %s', (name) => {
  const instructions = instructionsOf(read(name))
  const commands = instructions.filter((one) => one.name === 'RUN').map(({ rest }) => rest)

  it('begins with the image it is made on, and ends as the training user', () => {
    expect(instructions.slice(0, 2)).toMatchObject([
      { name: 'ARG', rest: expect.stringMatching(/^BASE/) },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Docker's
      { name: 'FROM', rest: '${BASE}' },
    ])
    expect(instructions.at(-1)).toEqual({ name: 'USER', rest: '1000:1000' })
  })

  it('pins what it takes from PyPI, and takes the settings of pip from the host', () => {
    const installed = commands.flatMap((command) =>
      [...command.matchAll(/pip [^&]*?\binstall ([^&]*)/g)].map(([, rest]) => rest ?? ''),
    )
    const packages = installed.flatMap((rest) =>
      rest
        .split(' ')
        .filter((word, at, words) => word && !/^(-|\/)/.test(word) && words[at - 1] !== '--constraint'),
    )
    for (const one of packages) expect(one).toMatch(/==\$?[\w.]+\.\*"$/)
    const args = instructions.filter((one) => one.name === 'ARG').map(({ rest }) => rest)
    if (packages.length > 0) expect(args).toContain('PIP_INDEX_URL')
  })

  it('leaves no lists of packages and no caches behind', () => {
    for (const command of commands) {
      if (command.includes('apt-get install'))
        expect(command).toMatch(/--no-install-recommends.*rm -rf \/var\/lib\/apt\/lists/)
      if (/pip [^&]*\binstall /.test(command)) expect(command).toContain('--no-cache-dir')
    }
  })

  it('copies only what lies beside it', () => {
    const beside = [
      ...readdirSync(join(folder, name)),
      ...(parentOf(name as never) === null ? ['extra-ca.pem'] : []),
    ]
    const copied = instructions.filter((one) => one.name === 'COPY').map(({ rest }) => rest.split(' ')[0])
    for (const one of copied) expect(beside).toContain(one)
  })
})

describe('the images with CUDA', () => {
  it.each(['pytorch-cuda', 'keras-cuda'])('%s: its framework lies where what is made on it looks', (name) => {
    const instructions = instructionsOf(read(name))
    const [command] = instructions.filter((one) => one.name === 'RUN').map(({ rest }) => rest)
    expect(command).toMatch(
      /^python3 -m venv --without-pip --system-site-packages \/opt\/packages && pip --python/,
    )
    expect(instructions.find((one) => one.name === 'ENV')?.rest).toMatch(/PATH=\/opt\/packages\/bin:/)
  })

  it('name the packages that bring CUDA, of the same version as on the processor where that is fitted', () => {
    expect(read('pytorch-cuda')).toMatch(/"torch==\d/)
    const version = /"tensorflow-cpu==([\d.]+)\.\*"/.exec(read('keras'))?.[1]
    expect(read('keras-cuda')).toContain(`"tensorflow[and-cuda]==${version}.*"`)
    const keras = (name: string) => /"keras==[^"]*"/.exec(read(name))?.[0]
    expect(keras('keras-cuda')).toBe(keras('keras'))
  })
})
