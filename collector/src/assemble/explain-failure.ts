import type { OrreryConfig } from '../config/schema.js';

/** One sentence with the way out, for what keeps a process from starting. Null when it was not foreseen. */
export function explainFailure(error: unknown, { host, otlp_port, ui_port, data_dir }: OrreryConfig): string | null {
  const { code, port, path, syscall } = error as NodeJS.ErrnoException & { port?: number };
  const message = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'EADDRINUSE':
    case 'EACCES': {
      if (port === undefined)
        return code === 'EACCES'
          ? `${path ?? data_dir} may not be written by this user: make it the owner, or choose another folder with --data-dir.`
          : null;
      const flag = port === otlp_port ? '--otlp-port' : port === ui_port ? '--ui-port' : null;
      const trouble = code === 'EACCES' ? 'may not be opened by this user' : 'is in use';
      return `Port ${port} on ${host} ${trouble}: end the program that has it${flag ? `, or choose another with ${flag}` : ''}.`;
    }
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${host}: choose another with --host.`;
    case 'ENOSPC':
      return `The disk of ${data_dir} is full: free some space, or choose another folder with --data-dir.`;
    case 'EEXIST':
    case 'ENOENT':
      if (syscall !== 'mkdir') return null;
      return `${path ?? data_dir} ${code === 'EEXIST' ? 'is not a folder' : 'leads to a folder that is not there'}: choose another with --data-dir.`;
    case 'EROFS':
    case 'ENOTDIR':
    case 'EPERM':
      return `${path ?? data_dir} cannot be written: choose another folder with --data-dir.`;
    case 'log_locked':
    case 'store_locked':
    case 'format_newer':
    case 'store_unavailable':
      return message;
    default:
      return null;
  }
}
