/** Stands where the instrumentations' shared code expects `import-in-the-middle`: what it would see comes by the agent's own hook. */
export class Hook {}
