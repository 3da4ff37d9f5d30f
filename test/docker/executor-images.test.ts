import { beforeAll } from 'vitest'
import { imageContract } from '../contracts/executor-images.ts'
import { ensureTestImage, testExecutor } from '../helpers/docker.ts'

let image: string
beforeAll(async () => {
  image = await ensureTestImage('base')
})

imageContract('the Docker executor', testExecutor, () => ({ image, command: ['cat', '/tmp/kept.txt'] }))
