import { smtpDropping } from './faults/smtp.ts'
import { matrix } from './matrix.ts'

matrix(smtpDropping)
