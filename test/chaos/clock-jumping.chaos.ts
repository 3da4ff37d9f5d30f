import { clockJumping } from './faults/clock.ts'
import { matrix } from './matrix.ts'

matrix(clockJumping)
