/** The part of a library that a capitalised name most likely comes from, where several are imported whole. */
export const sectionOf = (name: string): string =>
  /^(Sequential|Model)$/.test(name)
    ? 'models'
    : /^(SGD|Adam\w*|RMSprop|Adagrad|Nadam)$/.test(name)
      ? 'optimizers'
      : /(Checkpoint|Stopping|Scheduler|Callback|Plateau)$/.test(name)
        ? 'callbacks'
        : 'layers'
