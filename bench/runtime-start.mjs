/**
 * What Hone's runtime adds to the start of Python in a training container: the same Python with and without it, in turn.
 *
 * Usage: npm run bench:runtime [-- rounds]   (needs a Docker engine and the image of scikit-learn)
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)
const rounds = Number(process.argv[2] ?? 15)
const runtime = join(import.meta.dirname, '..', 'docker', 'runtime', 'hone')
const script = `
import os, subprocess, sys, time
def start(*arguments):
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments, "-c", "pass"], check=True)
    return (time.perf_counter() - began) * 1000
os.environ.pop("_HONE_PROCESS", None)
pairs = [(start(), start("-I")) for _ in range(${rounds})]
for name, values in (("with", [a for a, _ in pairs]), ("without", [b for _, b in pairs])):
    values.sort()
    print(f"{name:8} {values[len(values) // 2]:6.1f} ms ({values[0]:.1f} to {values[-1]:.1f})")
`
const { stdout: images } = await exec('docker', [
  'images',
  '--format',
  '{{.Repository}}:{{.Tag}}',
  'hone/sklearn',
])
const environment = ['-e', 'PYTHONPATH=/opt/hone', '-e', 'HONE_EVENTS=/tmp/events.jsonl']
const mount = ['-v', `${runtime}:/opt/hone:ro`]
const { stdout } = await exec('docker', [
  ...['run', '--rm', ...environment, ...mount, images.split('\n')[0], 'python3', '-c', script],
])
console.log(`start of Python in a container, median (lowest to highest) of ${rounds}\n${stdout.trimEnd()}`)
