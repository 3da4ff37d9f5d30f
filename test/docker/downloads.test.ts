import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CACHE_PATH, LAUNCHER, runtimeArchive, runtimeEnv } from '../../src/containers/runtime.ts'
import { packageRoot } from '../../src/paths.ts'
import { ensureTestImage, removeInstance, testExecutor, uniqueInstance } from '../helpers/docker.ts'

const never = new AbortController().signal
const executor = testExecutor()
const instance = uniqueInstance()
let count = 0
afterAll(() => removeInstance(instance))

/** What a download came to; its progress bar is on the other stream, which may come last. */
const told = (lines: readonly string[]) => lines.find((line) => line.startsWith('asked: '))

/** Output of a training of the one project, without a network. */
async function train(image: string, script: string, env: Record<string, string> = {}): Promise<string[]> {
  const id = await executor.create({
    name: `${instance}-${++count}`,
    image,
    command: [...LAUNCHER, 'train.py'],
    env: { ...runtimeEnv, ...env },
    workdir: '/workspace',
    labels: { 'hone.instance': instance },
    limits: { memoryBytes: 2 ** 31, cpus: 2, pids: 256, shmBytes: 2 ** 26 },
    network: false,
    volumes: [{ name: `${instance}-cache-1`, path: CACHE_PATH }],
  })
  const tar = pack()
  tar.entry({ name: 'train.py', uid: 1000, gid: 1000 }, script)
  tar.finalize()
  await executor.put(id, runtimeArchive(join(packageRoot, 'docker', 'runtime')), '/')
  await executor.put(id, tar as unknown as Readable, '/workspace')
  await executor.start(id)
  const lines: string[] = []
  for await (const { text } of executor.logs(id, null, never)) lines.push(text)
  await executor.remove(id)
  return lines
}

describe('what libraries load by themselves', () => {
  let image: string
  beforeAll(async () => {
    image = await ensureTestImage('sklearn')
  })

  it('lies there for the next training, which the library finds', async () => {
    const script = `import os
from sklearn.datasets import get_data_home
from pathlib import Path
file = Path(get_data_home()) / 'fetched'
print('sklearn', file.exists())
file.write_text('x')
keras = Path.home() / '.keras' / 'datasets'
print('keras', keras.exists())
keras.mkdir(exist_ok=True)
`
    expect(await train(image, script)).toEqual(['sklearn False', 'keras False'])
    expect(await train(image, script)).toEqual(['sklearn True', 'keras True'])
  })

  it('stays where the script, hone.yaml or the image want it', async () => {
    const script = `import os, subprocess, sys
print(os.environ['HF_HOME'], os.environ['TORCH_HOME'])
os.makedirs(os.path.expanduser('~/.cache/torch'))
code = "import os; print(os.environ.get('TORCH_HOME'))"
# As a training of an image that has the folder: neither of the two processes' own variables.
env = {name: value for name, value in os.environ.items() if name not in ('TORCH_HOME', '_HONE_PROCESS')}
print(subprocess.run([sys.executable, '-c', code], env=env, capture_output=True, text=True).stdout.strip())
`
    expect(await train(image, script, { HF_HOME: '/models' })).toEqual([
      `/models ${CACHE_PATH}/torch`,
      'None',
    ])
  })
})

describe("torchvision's downloads", () => {
  let image: string
  beforeAll(async () => {
    image = await ensureTestImage('pytorch')
  })

  const download = (serve: string) => `import hashlib, http.server, threading
from pathlib import Path
from torchvision.datasets.utils import download_url

asked = []
class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'the data')
    do_HEAD = do_GET
    def log_message(self, *_): pass
server = http.server.HTTPServer(('127.0.0.1', 8123), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
md5 = hashlib.md5(b'the data').hexdigest()
${serve}
print('asked:', len(asked) > 0, Path('data/set.bin').read_bytes())
`
  const plain = download("download_url('http://127.0.0.1:8123/set.bin', './data', md5=md5)")

  it('are asked for once in a project', async () => {
    expect(told(await train(image, plain))).toBe("asked: True b'the data'")
    expect(told(await train(image, plain))).toBe("asked: False b'the data'")
  })

  it('are asked for again where the kept copy is broken, which is then mended', async () => {
    const spoil = `for file in Path('${CACHE_PATH}/torchvision').iterdir(): file.write_bytes(b'broken')\n`
    const spoilt = download(`${spoil}download_url('http://127.0.0.1:8123/set.bin', './data', md5=md5)`)
    expect(told(await train(image, spoilt))).toBe("asked: True b'the data'")
    expect(told(await train(image, plain))).toBe("asked: False b'the data'")
  })

  it('go on where nothing can be kept', async () => {
    const readOnly = `import os
os.environ['HONE_CACHE'] = '/proc'
from _hone import downloads
from torchvision.datasets import utils
downloads._remember(utils, '/proc/no')
utils.download_url('http://127.0.0.1:8123/set.bin', './data', md5=md5)`
    expect(told(await train(image, download(readOnly)))).toMatch(/b'the data'$/)
  })
})
