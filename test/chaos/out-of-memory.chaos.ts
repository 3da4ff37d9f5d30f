import { outOfMemory } from './faults/container.ts'
import { matrix } from './matrix.ts'

matrix(outOfMemory)
