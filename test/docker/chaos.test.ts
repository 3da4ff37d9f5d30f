import { containerKilled, outOfMemory } from '../chaos/faults/container.ts'
import { engineKilled } from '../chaos/faults/engine.ts'
import { serverKilled, serverStopped } from '../chaos/faults/server.ts'
import { matrix } from '../chaos/matrix.ts'

// The cells of the kill matrix that matter most; `npm run chaos` has all of them.
matrix(serverKilled, ['webhook', 'container-create', 'checkpoint', 'tweak-commit', 'settle', 'mail'])
matrix(serverStopped, ['settle'])
matrix(containerKilled, ['checkpoint', 'last-line'])
matrix(outOfMemory, ['mid-epoch'])
matrix(engineKilled, ['mid-epoch', 'settle'])
