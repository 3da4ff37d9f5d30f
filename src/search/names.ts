/** The bound name without the place that makes it unique: `lr` of `lr@31` and of `lr@model.py:31.2`. */
export const baseName = (name: string): string => name.replace(/@.*$/, '')
