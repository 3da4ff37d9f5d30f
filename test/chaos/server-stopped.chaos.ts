import { serverStopped } from './faults/server.ts'
import { matrix } from './matrix.ts'

matrix(serverStopped)
