import { type Ended, trainingTrial } from './training.ts'

const PLAIN = `
import os, subprocess, sys

env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
sys.exit(subprocess.run([sys.executable, "-u", "train.py"], env=env).returncode)
`

/** Runs a script by the same Python in the same container, but without the runtime. */
export function trainPlainly(options: { instance: string; image: string; script: string }): Promise<Ended> {
  const files = { 'train.py': options.script, 'plain.py': PLAIN }
  return trainingTrial({ ...options, files, command: ['plain.py'] }).attempt()
}
