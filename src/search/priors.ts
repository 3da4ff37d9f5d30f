export * from './priors/index.ts'
