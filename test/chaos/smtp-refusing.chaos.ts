import { smtpRefusing } from './faults/smtp.ts'
import { matrix } from './matrix.ts'

matrix(smtpRefusing)
