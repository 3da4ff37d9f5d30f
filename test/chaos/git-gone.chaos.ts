import { gitGone } from './faults/git.ts'
import { matrix } from './matrix.ts'

matrix(gitGone)
