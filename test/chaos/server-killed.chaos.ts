import { serverKilled } from './faults/server.ts'
import { matrix } from './matrix.ts'

matrix(serverKilled)
