import { describe, expect, it, test } from 'vitest'
import { changeInWords, changeOf, DataMounts, type DataSet } from '../../src/domain/data.ts'

const messages = (mounts: unknown) =>
  DataMounts.safeParse(mounts).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

describe('data of a project', () => {
  it('is a folder of the host or a volume, under a path of its own', () => {
    const mounts = [
      { source: '/srv/data/cats/', path: '/data/cats/' },
      { source: 'fashion_mnist.v2', path: '/kaggle/input' },
      { source: '/root/dogs', path: '/data/cats2' },
    ]
    expect(DataMounts.parse(mounts)).toEqual([
      { source: '/srv/data/cats', path: '/data/cats' },
      mounts[1],
      mounts[2],
    ])
  })

  test.each([
    ['data/cats', "'data/cats' has to be an absolute folder of the host or the name of a volume"],
    ['../cats', "'../cats' has to be an absolute folder"],
    ['', "'' has to be an absolute folder"],
    ['/', "'/' is the whole host"],
    ['/srv/../etc', "'/srv/../etc' has to be a folder without"],
    ['/srv//cats', "'/srv//cats' has to be a folder without"],
    ['/var/run/docker.sock', "'/var/run/docker.sock' meets /var/run, which is the host's own"],
    ['/run', "'/run' meets /run"],
    ['/var', "'/var' meets /var/lib/docker"],
  ])('is not taken from %j', (source, said) => {
    expect(messages([{ source, path: '/data' }])).toEqual([expect.stringContaining(`0.source: ${said}`)])
  })

  test.each([
    ['data', "'data' has to be an absolute path"],
    ['/', "'/' has to be an absolute path"],
    ['/data/./x', "'/data/./x' has to be an absolute path"],
    ['/workspace/data', "'/workspace/data' meets /workspace, which the training container needs itself"],
    ['/workspace', "'/workspace' meets /workspace"],
    ['/checkpoints', "'/checkpoints' meets /checkpoints"],
    ['/opt', "'/opt' meets /opt/hone"],
    ['/opt/hone/x', "'/opt/hone/x' meets /opt/hone"],
    ['/home', "'/home' meets /home/hone"],
    ['/usr/lib/python3', "'/usr/lib/python3' meets /usr"],
  ])('is not shown under %j', (path, said) => {
    expect(messages([{ source: '/srv/x', path }])).toEqual([expect.stringContaining(`0.path: ${said}`)])
  })

  it('does not lie within other data', () => {
    const mounts = ['/data', '/data2', '/data/cats'].map((path) => ({ source: '/srv/x', path }))
    expect(messages(mounts)).toEqual([
      "2.path: '/data/cats' meets '/data': each data set needs a folder of its own",
    ])
  })
})

const cats: DataSet = {
  source: '/srv/cats',
  path: '/data/cats',
  files: 2,
  bytes: 10,
  unreadable: 0,
  content: 'a',
  times: 'b',
}
test.each([
  ['nothing earlier', null, null, ''],
  ['other data', { run: 3, data: [{ ...cats, path: '/data/dogs' }] }, null, ''],
  ['the same', { run: 3, data: [cats] }, 'same', ''],
  ['the same from another folder', { run: 3, data: [{ ...cats, source: '/mnt/cats' }] }, 'same', ''],
  [
    'another time only',
    { run: 3, data: [{ ...cats, times: 'c' }] },
    'rewritten',
    'the files at /data/cats were written again since run 3, with the same names and sizes',
  ],
  [
    'other content',
    { run: 3, data: [{ ...cats, content: 'c' }] },
    'changed',
    'the data at /data/cats changed since run 3',
  ],
])('against %s', (_what, earlier, kind, said) => {
  const change = changeOf(cats, earlier)
  expect(change).toEqual(kind && { run: 3, kind })
  expect(changeInWords(cats.path, change)).toBe(said)
})
