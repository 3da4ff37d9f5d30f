import { expect, it } from 'vitest'
import { FRAMEWORKS } from '../../src/domain/detection.ts'
import { buildSettings, IMAGE_NAMES, imageOf, imageTag, parentOf } from '../../src/images/plan.ts'

it('has an image for every framework, and none for others', () => {
  for (const framework of FRAMEWORKS) expect(IMAGE_NAMES).toContain(imageOf(framework))
  expect(imageOf('lightgbm')).toBe('boosting')
  expect(imageOf('jax')).toBeNull()
  expect(imageOf('toString')).toBeNull()
})

it('builds every image on the base in the end', () => {
  for (const name of IMAGE_NAMES) {
    let image = name
    for (let steps = 0; steps < IMAGE_NAMES.length; steps++) image = parentOf(image) ?? image
    expect(image).toBe('base')
  }
})

it('tags an image by what it is built from', () => {
  const context = { Dockerfile: Buffer.from('FROM x'), 'a.txt': Buffer.from('a') }
  const tag = imageTag('base', context, 'parent')
  expect(tag).toMatch(/^hone\/base:[0-9a-f]{12}$/)
  expect(imageTag('base', { 'a.txt': context['a.txt'], Dockerfile: context.Dockerfile }, 'parent')).toBe(tag)
  const others = [
    imageTag('base', context, 'other'),
    imageTag('base', { ...context, 'a.txt': Buffer.from('b') }, 'parent'),
    imageTag('base', { Dockerfile: context.Dockerfile, 'b.txt': Buffer.from('a') }, 'parent'),
    imageTag('base', { Dockerfile: context.Dockerfile }, 'parent'),
  ]
  expect(new Set([tag, ...others]).size).toBe(5)
})

it('passes on the settings of pip and proxies that mean the same inside', () => {
  const wanted = { PIP_INDEX_URL: 'https://pypi.example', https_proxy: 'http://proxy', NO_PROXY: 'x' }
  const others = {
    PIP_CERT: '/etc/x',
    PIP_FIND_LINKS: '/wheels',
    PIP_RETRIES: '',
    HONE_ADMIN_TOKEN: 'secret',
  }
  expect(buildSettings({ ...wanted, ...others, PATH: undefined })).toEqual(wanted)
})
