import { containerKilled, outOfMemory } from '../chaos/faults/container.ts'
import { engineKilled } from '../chaos/faults/engine.ts'
import { serverKilled, serverStopped } from '../chaos/faults/server.ts'
import { sample } from '../chaos/matrix.ts'

sample('the kill matrix in short', engineKilled, [
  [serverKilled, 'webhook'],
  [serverKilled, 'container-create'],
  [serverKilled, 'checkpoint'],
  [serverKilled, 'tweak-commit'],
  [serverKilled, 'settle'],
  [serverKilled, 'mail'],
  [serverStopped, 'settle'],
  [containerKilled, 'checkpoint'],
  [outOfMemory, 'mid-epoch'],
  [engineKilled, 'mid-epoch'],
])
